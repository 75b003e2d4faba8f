//! Customers: whose devices are repaired.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{CustomerId, Field, Timestamp, Version};

/// A customer as stored, or as one reader may see them: technicians see no way to reach them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct Customer {
    pub id: CustomerId,
    pub name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub notes: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: Version,
}

/// `POST /api/customers`.
#[derive(Clone, Debug, Default, PartialEq, Eq, TS, ToSchema)]
#[ts(optional_fields)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct NewCustomer {
    pub name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub notes: Option<String>,
}

/// `PATCH /api/customers/:id`. A key that is left out keeps its field; `null` clears it.
#[derive(Clone, Debug, Default, PartialEq, Eq, TS, ToSchema)]
#[ts(optional_fields)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct CustomerPatch {
    #[schema(nullable = false)]
    pub name: Option<String>,
    #[ts(as = "Option<String>", optional = nullable)]
    #[schema(value_type = Option<String>)]
    pub phone: Field<String>,
    #[ts(as = "Option<String>", optional = nullable)]
    #[schema(value_type = Option<String>)]
    pub email: Field<String>,
    #[ts(as = "Option<String>", optional = nullable)]
    #[schema(value_type = Option<String>)]
    pub address: Field<String>,
    #[ts(as = "Option<String>", optional = nullable)]
    #[schema(value_type = Option<String>)]
    pub notes: Field<String>,
}
