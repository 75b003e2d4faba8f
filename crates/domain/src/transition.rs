//! The status table: which move a work order may make.

use shopbell_protocol::Status::{self, *};

/// Whether the table has the move `from` → `to`. Staying where one is is no move.
#[must_use]
pub const fn is_legal_move(from: Status, to: Status) -> bool {
    match from {
        Intake => matches!(to, Diagnosing | Quoted | Pending | Cancelled),
        Diagnosing => matches!(to, Quoted | Pending | PartsOrdered | Cancelled),
        Quoted => matches!(to, AwaitingApproval | Diagnosing | Cancelled),
        AwaitingApproval => matches!(to, Pending | Declined | Diagnosing | Cancelled),
        Pending => matches!(to, InProgress | PartsOrdered | Diagnosing | Cancelled),
        PartsOrdered => matches!(to, Pending | InProgress | Cancelled),
        InProgress => matches!(
            to,
            Testing | Completed | PartsOrdered | AwaitingApproval | Pending
        ),
        Testing => matches!(to, Completed | InProgress),
        Completed => matches!(to, ReadyForPickup | InProgress),
        ReadyForPickup => matches!(to, PickedUp | InProgress),
        Declined => matches!(to, ReadyForPickup),
        PickedUp | Cancelled => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the contract, typed again as text: a slip in one of the two shows.
    const TABLE: &str = "
        intake: diagnosing quoted pending cancelled
        diagnosing: quoted pending parts_ordered cancelled
        quoted: awaiting_approval diagnosing cancelled
        awaiting_approval: pending declined diagnosing cancelled
        pending: in_progress parts_ordered diagnosing cancelled
        parts_ordered: pending in_progress cancelled
        in_progress: testing completed parts_ordered awaiting_approval pending
        testing: completed in_progress
        completed: ready_for_pickup in_progress
        ready_for_pickup: picked_up in_progress
        declined: ready_for_pickup
        picked_up:
        cancelled:";

    #[test]
    fn every_pair_is_as_the_table_says() {
        let mut rows = 0;
        for (from, moves) in TABLE.lines().filter_map(|line| line.trim().split_once(':')) {
            rows += 1;
            for to in Status::ALL {
                let legal = moves.split_whitespace().any(|word| word == to.as_str());
                assert_eq!(
                    is_legal_move(from.parse().unwrap(), to),
                    legal,
                    "{from} -> {to}"
                );
            }
        }
        assert_eq!(rows, Status::ALL.len());
    }
}
