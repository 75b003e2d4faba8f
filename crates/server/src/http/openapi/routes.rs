//! What each route of the router takes, answers and refuses.

use shopbell_protocol::{
    Code::{
        Conflict, EventRequired, Forbidden, IllegalTransition, InvalidCredentials, InvalidToken,
        NotFound, ReservedEvent, TechnicianRequired, TokenExpired,
    },
    Customer, CustomerPatch, DemoPerson, Emitted, Health, HistoryEntry, JournalEvent, LoginRequest,
    MarkAllRead, MarkedRead, NewCustomer, NewNote, NewTicket, NewUser, NewWorkOrder, Note,
    Notification, NotificationCount, NotificationPatch, NotificationType, Priority, RefreshRequest,
    Role, SocketHealth, SocketStats, Status, TestEmit, Ticket, TicketConversion, TicketPatch,
    TicketStatus, TokenPair, User, UserPatch, UserRooms, WorkOrder, WorkOrderBulk, WorkOrderPatch,
};

use super::describe::{Route, delete, get, patch, post};

/// Every route.
pub(super) fn all() -> Vec<Route> {
    let groups = [
        sign_in(),
        users(),
        customers(),
        tickets(),
        work_orders(),
        notes(),
        notifications(),
        events(),
        websocket(),
        description(),
    ];
    groups.into_iter().flatten().collect()
}

fn sign_in() -> Vec<Route> {
    vec![
        post(
            "/api/auth/login",
            "auth::login",
            "Sign in with e-mail and password.",
        )
        .for_anyone()
        .body::<LoginRequest>()
        .refusing(&[InvalidCredentials])
        .gives::<TokenPair>(),
        post(
            "/api/auth/refresh",
            "auth::refresh",
            "Spend a refresh token for a new pair.",
        )
        .for_anyone()
        .body::<RefreshRequest>()
        .refusing(&[InvalidToken, TokenExpired])
        .gives::<TokenPair>(),
        post(
            "/api/auth/logout",
            "auth::logout",
            "Sign out: ends this login, its tokens and its sockets.",
        ),
        get("/api/auth/me", "auth::me", "The caller.").shows::<User>(),
        get(
            "/api/auth/demo",
            "auth::demo_people",
            "The demo people; only there with `--demo`.",
        )
        .for_anyone()
        .reading_nothing()
        .lists::<DemoPerson>(),
    ]
}

fn users() -> Vec<Route> {
    vec![
        get("/api/users", "users::list", "The shop's staff, by name. Only admins see more than `id`, `name`, `role` and `is_active`.")
            .query::<Role>("role", "Only people of this role.")
            .pages::<User>(),
        post("/api/users", "users::add", "Take on a member of staff; admins.")
            .body::<NewUser>()
            .refusing(&[Forbidden, Conflict])
            .creates::<User>(),
        patch("/api/users/{id}", "users::patch", "Change a member of staff; admins. Who is disabled or has a new password is signed out everywhere.")
            .if_match()
            .body::<UserPatch>()
            .refusing(&[Forbidden, Conflict])
            .shows::<User>(),
    ]
}

fn customers() -> Vec<Route> {
    vec![
        get(
            "/api/customers",
            "customers::list",
            "The customers, by name.",
        )
        .query::<String>(
            "search",
            "Part of a name; for those who see them, of a phone number or an e-mail address.",
        )
        .pages::<Customer>(),
        post(
            "/api/customers",
            "customers::add",
            "Take in a customer; not technicians.",
        )
        .body::<NewCustomer>()
        .refusing(&[Forbidden])
        .creates::<Customer>(),
        get("/api/customers/{id}", "customers::show", "One customer.").shows::<Customer>(),
        patch(
            "/api/customers/{id}",
            "customers::patch",
            "Change a customer; not technicians.",
        )
        .if_match()
        .body::<CustomerPatch>()
        .refusing(&[Forbidden])
        .shows::<Customer>(),
    ]
}

fn tickets() -> Vec<Route> {
    vec![
        get(
            "/api/tickets",
            "tickets::list",
            "The tickets that the caller sees, the last changed first.",
        )
        .any_of::<TicketStatus>("status", "Only tickets in one of these.")
        .any_of::<Priority>("priority", "Only tickets of one of these.")
        .query::<i64>("customer_id", "Only this customer's.")
        .query::<String>("search", "Part of a number, device or customer's name.")
        .pages::<Ticket>(),
        post("/api/tickets", "tickets::add", "Take in a ticket.")
            .body::<NewTicket>()
            .creates::<Ticket>(),
        get("/api/tickets/{id}", "tickets::show", "One ticket.").shows::<Ticket>(),
        patch(
            "/api/tickets/{id}",
            "tickets::patch",
            "Change or cancel a ticket.",
        )
        .if_match()
        .body::<TicketPatch>()
        .refusing(&[Forbidden, IllegalTransition])
        .shows::<Ticket>(),
        post(
            "/api/tickets/{id}/convert",
            "tickets::convert",
            "Make a work order of a ticket, which it takes its number from.",
        )
        .body::<TicketConversion>()
        .refusing(&[Forbidden, Conflict])
        .creates::<WorkOrder>(),
    ]
}

fn work_orders() -> Vec<Route> {
    vec![
        get("/api/work-orders", "work_orders::list", "The work orders that the caller sees, the last changed first.")
            .any_of::<Status>("status", "Only orders in one of these.")
            .any_of::<Priority>("priority", "Only orders of one of these.")
            .query::<String>("technician_id", "Only this technician's, by id; `none` for the unassigned pool.")
            .query::<i64>("customer_id", "Only this customer's.")
            .query::<String>("search", "Part of a number, device or customer's name.")
            .pages::<WorkOrder>(),
        post("/api/work-orders", "work_orders::add", "Open a work order without a ticket; not technicians.")
            .body::<NewWorkOrder>()
            .refusing(&[Forbidden])
            .creates::<WorkOrder>(),
        patch("/api/work-orders/bulk", "work_orders::patch_many", "Change up to 200 orders alike, all or none; admins and managers. A refusal's `message` names the order.")
            .body::<WorkOrderBulk>()
            .refusing(&[Forbidden, NotFound, IllegalTransition, TechnicianRequired])
            .shows_each::<WorkOrder>(),
        get("/api/work-orders/{id}", "work_orders::show", "One work order. Only here `device_passcode` is given to those who may see it.")
            .shows::<WorkOrder>(),
        patch("/api/work-orders/{id}", "work_orders::patch", "Change a work order.")
            .if_match()
            .body::<WorkOrderPatch>()
            .refusing(&[Forbidden, IllegalTransition, TechnicianRequired])
            .shows::<WorkOrder>(),
        get("/api/work-orders/{id}/history", "work_orders::history", "What happened to a work order, the newest first.")
            .pages::<HistoryEntry>(),
    ]
}

fn notes() -> Vec<Route> {
    vec![
        get(
            "/api/work-orders/{id}/notes",
            "notes::list",
            "The notes on a work order, the newest first.",
        )
        .pages::<Note>(),
        post(
            "/api/work-orders/{id}/notes",
            "notes::add",
            "Write a note on a work order.",
        )
        .body::<NewNote>()
        .creates::<Note>(),
    ]
}

fn notifications() -> Vec<Route> {
    vec![
        get(
            "/api/notifications",
            "notifications::list",
            "The caller's notifications, the newest first.",
        )
        .query::<bool>("unread", "`true`: only those not read.")
        .query::<NotificationType>("type", "Only those of this type.")
        .pages::<Notification>(),
        get(
            "/api/notifications/count",
            "notifications::count",
            "How many are not read.",
        )
        .shows::<NotificationCount>(),
        post(
            "/api/notifications/mark-all-read",
            "notifications::mark_all",
            "Mark everything up to an id as read.",
        )
        .body::<MarkAllRead>()
        .shows::<MarkedRead>(),
        patch(
            "/api/notifications/{id}",
            "notifications::mark",
            "Mark one as read or unread.",
        )
        .body::<NotificationPatch>()
        .shows::<Notification>(),
        delete(
            "/api/notifications/{id}",
            "notifications::delete",
            "Delete one.",
        )
        .deletes(),
    ]
}

fn events() -> Vec<Route> {
    vec![
        get(
            "/api/events",
            "events::list",
            "The caller's view of the journal: what their sockets are sent, for when none can be opened. `next` is the `after` of the next request, also when nothing was the caller's; what is no longer kept is 410, and the current state is to be read anew.",
        )
        .query::<String>("epoch", "The life of the journal that `after` counts in, from `Shop-Epoch`.")
        .follows::<JournalEvent>(),
    ]
}

fn websocket() -> Vec<Route> {
    let emit = |path, handler, summary| {
        post(path, handler, summary)
            .writing_nothing()
            .body::<TestEmit>()
            .refusing(&[Forbidden, EventRequired, ReservedEvent])
            .gives::<Emitted>()
            .with_message()
    };
    vec![
        get(
            "/api/websocket/health",
            "websocket::health",
            "Whether sockets are served.",
        )
        .for_anyone()
        .tells::<SocketHealth>(),
        get(
            "/api/websocket/stats",
            "websocket::stats",
            "Who of the shop is connected, and where; admins.",
        )
        .refusing(&[Forbidden])
        .gives::<SocketStats>(),
        get(
            "/api/websocket/user/{id}/rooms",
            "websocket::user_rooms",
            "The rooms that someone's connections are in; admins, and everyone for themselves.",
        )
        .refusing(&[Forbidden])
        .gives::<UserRooms>(),
        emit(
            "/api/websocket/emit/{id}",
            "websocket::emit_to_user",
            "Send a test event to a person; admins.",
        ),
        emit(
            "/api/websocket/emit/room/{name}",
            "websocket::emit_to_room",
            "Send a test event to a room; admins.",
        ),
        emit(
            "/api/websocket/emit/role/{role}",
            "websocket::emit_to_role",
            "Send a test event to a role; admins.",
        ),
        get(
            "/health/live",
            "websocket::live",
            "Whether the process answers.",
        )
        .for_anyone()
        .reading_nothing()
        .tells::<Health>(),
        get(
            "/health/ready",
            "websocket::ready",
            "Whether a balancer should send traffic here.",
        )
        .for_anyone()
        .tells::<Health>(),
    ]
}

fn description() -> Vec<Route> {
    vec![
        get("/api/openapi.json", "openapi::json", "This document.")
            .for_anyone()
            .reading_nothing()
            .serves("application/json"),
        get("/api/docs", "openapi::page", "This document as a page.")
            .for_anyone()
            .reading_nothing()
            .serves("text/html"),
    ]
}
