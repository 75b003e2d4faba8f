//! The shop's staff: who may change it, and what must not be lost.

use shopbell_protocol::{Role, Timestamp, User, UserId, UserPatch, Version};

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

/// Takes on a member of staff; the database gives the id. `is_taken` says whether the address is somebody's already.
///
/// # Errors
///
/// Only admins may; and an address is one person's.
pub fn add(
    actor: &Actor,
    name: String,
    email: String,
    role: Role,
    is_taken: bool,
    now: Timestamp,
) -> Result<User, Refusal> {
    may_manage(actor)?;
    if is_taken {
        // Whose it is, and in which shop, is nobody's business.
        return Err(Refusal::Conflict("This e-mail address cannot be used."));
    }
    Ok(User {
        id: UserId(0),
        name,
        email: Some(email),
        role,
        is_active: true,
        last_seen: None,
        created_at: Some(now),
        updated_at: Some(now),
        version: Some(Version(1)),
    })
}

/// Decides a PATCH. `Ok(None)` when everything is already as asked; a password that is named is always new. `staff` is
/// everyone in the shop. What shows the name follows by [`crate::work_order::reflect`] and [`crate::ticket::reflect`].
///
/// # Errors
///
/// A [`Refusal`], in this order: only admins may; stale `if_match`; the shop must keep an active admin, or nobody could let
/// anyone in again.
pub fn patch(
    actor: &Actor,
    before: &User,
    patch: &UserPatch,
    if_match: Option<Version>,
    staff: &[Staff],
    now: Timestamp,
) -> Result<Option<User>, Refusal> {
    may_manage(actor)?;
    if if_match.is_some() && if_match != before.version {
        return Err(Refusal::VersionMismatch);
    }
    let mut user = before.clone();
    if let Some(name) = &patch.name {
        user.name.clone_from(name);
    }
    user.role = patch.role.unwrap_or(user.role);
    user.is_active = patch.is_active.unwrap_or(user.is_active);
    let leads = |role, is_active| role == Role::Admin && is_active;
    let another = staff
        .iter()
        .any(|who| who.id != before.id && leads(who.role, who.is_active));
    if leads(before.role, before.is_active) && !leads(user.role, user.is_active) && !another {
        return Err(Refusal::Conflict("A shop needs at least one active admin."));
    }
    if user == *before && patch.password.is_none() {
        return Ok(None);
    }
    user.updated_at = Some(now);
    user.version = before.version.map(|version| Version(version.0 + 1));
    Ok(Some(user))
}
