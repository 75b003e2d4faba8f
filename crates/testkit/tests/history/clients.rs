//! The clients of the model: each believes what it is handed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use shopbell_testkit::history::State;

use crate::model::{Member, Shop, hide, sees};

#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) id: i64,
    pub(crate) member: Member,
    pub(crate) connection: i64,
    pub(crate) is_connected: bool,
    /// Disabled: never comes back.
    pub(crate) is_gone: bool,
    /// Up to here the server has looked at the journal for it.
    pub(crate) position: i64,
    pub(crate) rooms: BTreeSet<String>,
    orders: BTreeMap<i64, Value>,
    notifications: BTreeMap<i64, Value>,
    unread: i64,
}

impl Client {
    pub(crate) fn new(id: i64, member: Member) -> Self {
        Self {
            id,
            member,
            connection: 0,
            is_connected: false,
            is_gone: false,
            position: 0,
            rooms: BTreeSet::new(),
            orders: BTreeMap::new(),
            notifications: BTreeMap::new(),
            unread: 0,
        }
    }

    pub(crate) fn apply(&mut self, name: &str, payload: &Value) {
        match name {
            "work_order_updated" | "work_order_assignment_update" => {
                let order = &payload["workOrder"];
                self.orders
                    .insert(order["id"].as_i64().unwrap(), order.clone());
            }
            "work_order_removed" => {
                self.orders
                    .remove(&payload["workOrderId"].as_i64().unwrap());
            }
            "notification_received" => {
                let row = &payload["notification"];
                self.notifications
                    .insert(row["id"].as_i64().unwrap(), row.clone());
            }
            "notification_read" => {
                let id = payload["ids"][0].as_i64().unwrap();
                if let Some(row) = self.notifications.get_mut(&id) {
                    row["is_read"] = json!(true);
                }
            }
            "notification_count_updated" => self.unread = payload["unreadCount"].as_i64().unwrap(),
            _ => {}
        }
    }

    pub(crate) fn replace(&mut self, state: &State) {
        let by_id = |rows: &[Value]| {
            rows.iter()
                .map(|row| (row["id"].as_i64().unwrap(), row.clone()))
                .collect()
        };
        self.orders = by_id(&state.orders);
        self.notifications = by_id(&state.notifications);
        self.unread = state.unread;
    }

    pub(crate) fn state(&self) -> State {
        State {
            orders: self.orders.values().cloned().collect(),
            tickets: Vec::new(),
            notifications: self.notifications.values().cloned().collect(),
            unread: self.unread,
        }
    }
}

/// What REST says to this person.
pub(crate) fn rest(shop: &Shop, member: Member) -> State {
    let mine = shop
        .orders
        .values()
        .filter(|order| sees(member.role, member.id, order));
    let mut orders: Vec<_> = mine.cloned().collect();
    for order in &mut orders {
        hide(order, member.role);
    }
    let notifications = shop.notifications.get(&member.id);
    State {
        orders,
        tickets: Vec::new(),
        notifications: notifications
            .map(|rows| rows.values().cloned().collect())
            .unwrap_or_default(),
        unread: shop.counts.get(&member.id).copied().unwrap_or_default(),
    }
}
