//! Notes on a work order.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{NoteId, Timestamp, UserId, WorkOrderId};

/// Something that was written down about a work order. Notes are never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct Note {
    pub id: NoteId,
    pub work_order_id: WorkOrderId,
    pub author_id: UserId,
    pub author_name: String,
    pub content: String,
    pub customer_visible: bool,
    pub created_at: Timestamp,
}

/// `POST /api/work-orders/:id/notes`. `@` and a colleague's full name, in any case, mentions them.
#[derive(Clone, Debug, PartialEq, Eq, TS, ToSchema)]
#[ts(optional_fields)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct NewNote {
    pub content: String,
    /// `false` when left out.
    #[schema(nullable = false)]
    pub customer_visible: Option<bool>,
}
