//! The shop's staff: who may change it, and what must not be lost.

use shopbell_protocol::{Role, UserPatch};

use crate::{Actor, Refusal, Staff};

/// Whether `actor` may add and change people.
///
/// # Errors
///
/// Only admins may.
pub fn may_manage(actor: &Actor) -> Result<(), Refusal> {
    if actor.role == Role::Admin {
        Ok(())
    } else {
        Err(Refusal::Forbidden)
    }
}

/// Decides who a member of staff is after a PATCH: name, role and whether active. `staff` is everyone in the shop.
///
/// # Errors
///
/// Only admins may; and the shop must keep an active admin, or nobody could let anyone in again.
pub fn patch(
    actor: &Actor,
    before: &Staff,
    patch: &UserPatch,
    staff: &[Staff],
) -> Result<Staff, Refusal> {
    may_manage(actor)?;
    let after = Staff {
        id: before.id,
        name: patch.name.clone().unwrap_or_else(|| before.name.clone()),
        role: patch.role.unwrap_or(before.role),
        is_active: patch.is_active.unwrap_or(before.is_active),
    };
    let leads = |who: &Staff| who.role == Role::Admin && who.is_active;
    let another = staff.iter().any(|who| who.id != before.id && leads(who));
    if leads(before) && !leads(&after) && !another {
        return Err(Refusal::Conflict("A shop needs at least one active admin."));
    }
    Ok(after)
}
