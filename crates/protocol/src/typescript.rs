//! Renders the TypeScript that the web side is compiled against.

use ts_rs::{Config, TS};

use crate::{event::EPHEMERAL, *};

/// Every type of this crate that the web side needs, as one TypeScript module.
#[must_use]
pub fn typescript() -> String {
    let config = Config::default();
    let mut module = String::from(
        "// Generated from crates/protocol by `make generate`; `make check` fails when it is stale.\n",
    );
    macro_rules! declare {
        ($($name:ident)+) => {$(
            module.push_str("\nexport ");
            module.push_str(&<$name as TS>::decl(&config));
            module.push('\n');
        )+};
    }
    declare! {
        ShopId UserId CustomerId TicketId WorkOrderId NoteId NotificationId Seq Version Epoch Timestamp Money
        Role Status TicketStatus Priority Code FieldError ErrorBody RefusalData
        User NewUser UserPatch LoginRequest RefreshRequest TokenPair DemoPerson
        Passcode WorkOrder WorkOrderPatch NewWorkOrder WorkOrderBulk HistoryEntry
        Customer NewCustomer CustomerPatch Ticket NewTicket TicketPatch TicketConversion Note NewNote
        NotificationType Reason Urgency EntityType Notification NotificationCount NotificationPatch MarkAllRead MarkedRead
        ViewerStatus Viewer RoomAck SyncAck AuthenticateAck RefusedAck TypingStart EventErrorPayload
        ResyncReason ResyncRequired RoomLeftReason RoomLeft TokenExpiring TokenExpired
        UserPresence UserTyping UserPresenceUpdate Activity PresentUser PresenceSnapshot
        TicketAction TicketData RepairTicketUpdated RepairTicketRemoved
        Action UpdateData WorkOrderUpdated WorkOrderRemoved AssignmentAction WorkOrderRef WorkOrderOrRef
        WorkOrderAssignmentUpdate NotificationReceived NotificationCountUpdated NotificationDeleted ReadMark NotificationRead
    }
    module
        .push_str("\n/** What the server sends, by event name. */\nexport type ServerEvents = {\n");
    for (name, payload) in DurableEvent::NAMES.iter().chain(EPHEMERAL) {
        module.push_str(&format!("  {name}: {payload};\n"));
    }
    module.push_str("};\n");
    let durable: Vec<_> = DurableEvent::NAMES
        .iter()
        .map(|(name, _)| format!("'{name}'"))
        .collect();
    module.push_str(&format!(
        "\n/** The events that the journal keeps. */\nexport type DurableName = {};\n",
        durable.join(" | ")
    ));
    module.push_str(
        "\n/** A row of `GET /api/events`. */\nexport type JournalEvent = {\n  [Name in DurableName]: { seq: Seq; event: Name; payload: ServerEvents[Name] };\n}[DurableName];\n",
    );
    module
}

#[cfg(test)]
mod tests {
    use std::{env, fs};

    /// `SHOPBELL_GENERATE=1 cargo test -p shopbell-protocol` writes the file instead.
    #[test]
    fn the_committed_typescript_is_current() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../web/client/src/generated/index.ts"
        );
        let fresh = super::typescript();
        if env::var_os("SHOPBELL_GENERATE").is_some() {
            fs::create_dir_all(std::path::Path::new(file).parent().unwrap()).unwrap();
            fs::write(file, &fresh).unwrap();
        }
        let committed = fs::read_to_string(file).unwrap_or_default();
        assert!(committed == fresh, "{file} is stale: run `make generate`");
    }
}
