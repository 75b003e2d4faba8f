//! A shop in memory that does what the contract says, or breaks it in one chosen way.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};
use shopbell_protocol::{Role, Timestamp};
use shopbell_testkit::history::Audience;

/// One way to be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    SkipRow,
    CountTwice,
    PublishBeforeCommit,
    ForgetKeys,
    SkipNumber,
    StaleSnapshot,
    SynchronousNormal,
    ForgetAtKill,
    MissRevocation,
    KeepPresence,
    ReplayTyping,
    TypeToAll,
    MixShops,
    LoseReadMark,
    ShowHidden,
    SendToAll,
    Invent,
    Reverse,
    SendTwice,
    Skip,
    ReplayFirst,
    WriteRefused,
    AnswerOldSeq,
    ForgetRemoval,
    ForgetEvent,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(crate) id: i64,
    pub(crate) shop: i64,
    pub(crate) role: Role,
}

pub(crate) const PEOPLE: [Member; 8] = [
    Member {
        id: 1,
        shop: 1,
        role: Role::Admin,
    },
    Member {
        id: 2,
        shop: 1,
        role: Role::FrontDesk,
    },
    Member {
        id: 3,
        shop: 1,
        role: Role::Technician,
    },
    Member {
        id: 4,
        shop: 1,
        role: Role::Technician,
    },
    Member {
        id: 5,
        shop: 1,
        role: Role::Manager,
    },
    Member {
        id: 8,
        shop: 1,
        role: Role::Technician,
    },
    Member {
        id: 6,
        shop: 2,
        role: Role::Admin,
    },
    Member {
        id: 7,
        shop: 2,
        role: Role::Technician,
    },
];

pub(crate) fn technicians(shop: i64) -> Vec<i64> {
    let people = PEOPLE
        .iter()
        .filter(|member| member.shop == shop && member.role == Role::Technician);
    people.map(|member| member.id).collect()
}

#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) seq: i64,
    pub(crate) name: &'static str,
    pub(crate) payload: Value,
    pub(crate) audience: Audience,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Shop {
    pub(crate) id: i64,
    pub(crate) rows: Vec<Arc<Row>>,
    pub(crate) head: i64,
    pub(crate) orders: BTreeMap<i64, Value>,
    /// By person.
    pub(crate) notifications: BTreeMap<i64, BTreeMap<i64, Value>>,
    pub(crate) counts: BTreeMap<i64, i64>,
    /// The answers to keys.
    pub(crate) keys: BTreeMap<String, i64>,
}

/// What somebody wants.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Open { id: i64, technician: Option<i64> },
    Describe { id: i64 },
    Note { id: i64 },
    Assign { id: i64, technician: Option<i64> },
    Read { person: i64, id: i64 },
}

pub(crate) fn sees(role: Role, person: i64, order: &Value) -> bool {
    let technician = order["technician_id"].as_i64();
    role != Role::Technician || technician.is_none_or(|technician| technician == person)
}

impl Shop {
    /// Does it in one go; gives the number of the event about it.
    pub(crate) fn apply(&mut self, act: &Act, mark: &str, at: i64, bug: Option<Bug>) -> i64 {
        match act {
            Act::Open { id, technician } => {
                let order = json!({
                    "id": id, "number": format!("2026-{id}"), "description": mark, "technician_id": technician,
                    "customer_phone": "+385", "customer_email": "iva@", "cost_total": "7.00", "device_passcode": null, "version": 1,
                });
                self.orders.insert(*id, order);
                let seq = self.update(*id, "created", Value::Null, at);
                if let Some(technician) = technician {
                    self.assigned(*id, *technician, at);
                    self.notify(*technician, *id, at, bug);
                }
                seq
            }
            Act::Describe { id } => {
                let order = self.change(*id, "description", json!(mark));
                if bug == Some(Bug::SkipRow) && order % 3 == 0 {
                    return self.head;
                }
                let data = json!({"updatedFields": {"description": true, "cost_total": true}, "updatedBy": 1});
                self.update(*id, "updated", data, at)
            }
            Act::Note { id } => {
                let seq = self.update(*id, "note_added", json!({"note": {"content": mark}}), at);
                if let Some(technician) = self.orders[id]["technician_id"].as_i64() {
                    self.notify(technician, *id, at, bug);
                }
                seq
            }
            Act::Assign { id, technician } => {
                let before = self.orders[id].clone();
                self.change(*id, "technician_id", json!(technician));
                let seq = self.update(*id, "assigned", json!({"technicianId": technician}), at);
                self.lost(*id, &before, at, bug);
                if let Some(technician) = technician {
                    self.assigned(*id, *technician, at);
                    self.notify(*technician, *id, at, bug);
                }
                seq
            }
            Act::Read { person, id } => {
                self.count(*person, -1);
                if bug != Some(Bug::LoseReadMark) {
                    self.notifications
                        .get_mut(person)
                        .unwrap()
                        .get_mut(id)
                        .unwrap()["is_read"] = json!(true);
                }
                let payload = json!({"ids": [id], "isRead": true});
                let seq = self.push("notification_read", payload, to(&[*person]), at);
                self.tell_count(*person, at);
                seq
            }
        }
    }

    fn change(&mut self, id: i64, field: &str, value: Value) -> i64 {
        let order = self.orders.get_mut(&id).unwrap();
        let version = order["version"].as_i64().unwrap() + 1;
        order[field] = value;
        order["version"] = json!(version);
        version
    }

    fn update(&mut self, id: i64, action: &str, data: Value, at: i64) -> i64 {
        let order = self.orders[&id].clone();
        let mut audience = Audience {
            roles: vec![Role::Admin, Role::Manager, Role::FrontDesk],
            work_order: Some(id),
            ..Audience::default()
        };
        match order["technician_id"].as_i64() {
            Some(technician) => audience.users.push(technician),
            None => audience.roles.push(Role::Technician),
        }
        let payload =
            json!({"workOrderId": id, "action": action, "workOrder": order, "data": data});
        self.push("work_order_updated", payload, audience, at)
    }

    /// Those who saw it and do not any more are told.
    fn lost(&mut self, id: i64, before: &Value, at: i64, bug: Option<Bug>) {
        let after = &self.orders[&id];
        let lost: Vec<_> = technicians(self.id)
            .into_iter()
            .filter(|one| {
                sees(Role::Technician, *one, before) && !sees(Role::Technician, *one, after)
            })
            .collect();
        if !lost.is_empty() && bug != Some(Bug::ForgetRemoval) {
            self.push(
                "work_order_removed",
                json!({"workOrderId": id}),
                to(&lost),
                at,
            );
        }
    }

    fn assigned(&mut self, id: i64, technician: i64, at: i64) {
        let payload =
            json!({"workOrderId": id, "action": "assigned", "workOrder": self.orders[&id]});
        let audience = Audience {
            work_order: Some(id),
            ..to(&[technician])
        };
        self.push("work_order_assignment_update", payload, audience, at);
    }

    /// Folds into the unread notification about the same order, or makes one.
    fn notify(&mut self, person: i64, order: i64, at: i64, bug: Option<Bug>) {
        let id = self.head + 1_000;
        let rows = self.notifications.entry(person).or_default();
        let unread = rows
            .values_mut()
            .find(|row| row["related_entity_id"] == order && row["is_read"] == false);
        let (row, is_new) = if let Some(row) = unread {
            row["event_count"] = json!(row["event_count"].as_i64().unwrap() + 1);
            (row.clone(), false)
        } else {
            let row = json!({
                "id": id, "user_id": person, "related_entity_id": order, "event_count": 1, "is_read": false,
            });
            rows.insert(id, row.clone());
            (row, true)
        };
        self.push(
            "notification_received",
            json!({"notification": row}),
            to(&[person]),
            at,
        );
        if is_new {
            self.count(person, if bug == Some(Bug::CountTwice) { 2 } else { 1 });
            self.tell_count(person, at);
        }
    }

    fn count(&mut self, person: i64, by: i64) {
        *self.counts.entry(person).or_default() += by;
    }

    fn tell_count(&mut self, person: i64, at: i64) {
        let payload = json!({"userId": person, "unreadCount": self.counts[&person]});
        self.push("notification_count_updated", payload, to(&[person]), at);
    }

    fn push(&mut self, name: &'static str, mut payload: Value, audience: Audience, at: i64) -> i64 {
        self.head += 1;
        payload["seq"] = json!(self.head);
        payload["timestamp"] = json!(Timestamp::from_millis(at).to_string());
        self.rows.push(Arc::new(Row {
            seq: self.head,
            name,
            payload,
            audience,
        }));
        self.head
    }

    /// The payload for this reader, if they may have it as things are now.
    pub(crate) fn show(&self, row: &Row, member: Member, bug: Option<Bug>) -> Option<Value> {
        let Member { id, role, .. } = member;
        let is_addressed = row.audience.roles.contains(&role) || row.audience.users.contains(&id);
        let object = row
            .audience
            .work_order
            .and_then(|order| self.orders.get(&order));
        let sees_now =
            object.is_none_or(|order| sees(role, id, order)) || bug == Some(Bug::MissRevocation);
        let is_leaked = bug == Some(Bug::SendToAll) && row.name == "work_order_updated";
        if !(is_leaked || is_addressed && sees_now) {
            return None;
        }
        let mut payload = row.payload.clone();
        if bug != Some(Bug::ShowHidden) {
            hide(&mut payload, role);
        }
        Some(payload)
    }
}

fn to(people: &[i64]) -> Audience {
    Audience {
        users: people.to_vec(),
        ..Audience::default()
    }
}

/// Takes out what this role may not see, of an event or a row.
pub(crate) fn hide(value: &mut Value, role: Role) {
    let fields: &[_] = match role {
        Role::Admin | Role::Manager => &[],
        Role::FrontDesk => &["cost_total"],
        Role::Technician => &["cost_total", "customer_phone", "customer_email"],
    };
    for field in fields {
        for order in ["", "/workOrder"] {
            if let Some(value) = value
                .pointer_mut(order)
                .and_then(|order| order.get_mut(*field))
            {
                *value = Value::Null;
            }
        }
        if let Some(Value::Object(named)) = value.pointer_mut("/data/updatedFields") {
            named.remove(*field);
        }
    }
}
