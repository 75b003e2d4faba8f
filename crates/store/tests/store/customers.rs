//! Customers, and what shows them.

use shopbell_domain::{Actor, Refusal};
use shopbell_protocol::{
    Customer, CustomerId, CustomerPatch, DurableEvent, Field, NewCustomer, UpdateData, Version,
};
use shopbell_store::{CommandError, CustomerFilter, PageRequest, WorkOrderFilter};

use crate::{
    checks::check,
    people::{ana, dana, jelena, marko, olga, staff, tarik, theo},
    shop::{Shop, later, now, page, refusal},
};

/// A cancelled order, an open one that was made from a ticket, and a ticket in intake.
const KORZO: CustomerId = CustomerId(16);

async fn found(shop: &Shop, who: &Actor, text: &str) -> Vec<String> {
    let filter = CustomerFilter {
        search: Some(text.to_owned()),
    };
    let found = shop
        .store
        .customers(who.shop, &filter, who, &page(100))
        .await;
    let rows = found.unwrap().value.rows.into_iter();
    rows.map(|customer| customer.name).collect()
}

async fn customer(shop: &Shop, id: CustomerId) -> Customer {
    let customer = shop.store.customer(ana().shop, id).await;
    customer.unwrap().unwrap().value
}

fn calls(phone: &str) -> CustomerPatch {
    CustomerPatch {
        phone: Field::Set(Some(phone.to_owned())),
        ..CustomerPatch::default()
    }
}

#[tokio::test]
async fn they_are_listed_by_name_page_by_page() {
    let shop = Shop::open().await;
    let mut names = Vec::new();
    let mut next = page(7);
    loop {
        let any = CustomerFilter::default();
        let customers = shop
            .store
            .customers(dana().shop, &any, &dana(), &next)
            .await;
        let customers = customers.unwrap().value;
        names.extend(customers.rows.into_iter().map(|customer| customer.name));
        match customers.next_cursor {
            Some(cursor) => next.cursor = Some(cursor.to_string().parse().unwrap()),
            None => break,
        }
    }
    assert_eq!(names.len(), 30);
    assert_eq!(names[0], "Amra Delić");
    // Accents do not send a name to the end.
    let place = |name| names.iter().position(|other| other == name).unwrap();
    assert!(place("Élodie Martin") < place("Filip Horvatić"));
}

#[tokio::test]
async fn another_shops_cursor_says_nothing_of_its_names() {
    let shop = Shop::open().await;
    for id in 31..=34 {
        let foreign = PageRequest {
            limit: 100,
            cursor: Some(format!("0.{id}").parse().unwrap()),
        };
        let any = CustomerFilter::default();
        let customers = shop
            .store
            .customers(ana().shop, &any, &ana(), &foreign)
            .await;
        assert!(customers.unwrap().value.rows.is_empty());
    }
}

#[tokio::test]
async fn a_search_finds_names_for_all_and_ways_to_reach_them_for_the_office() {
    let shop = Shop::open().await;
    for who in staff() {
        assert_eq!(found(&shop, &who, "simic").await, ["Davor Šimić"]);
    }
    for text in ["+385 1 555 0116", "korzo@bar.example"] {
        assert_eq!(found(&shop, &dana(), text).await, ["Caffe bar Korzo"]);
        for who in [tarik(), jelena()] {
            assert!(found(&shop, &who, text).await.is_empty());
        }
    }
    assert!(found(&shop, &olga(), "simic").await.is_empty());
    assert!(found(&shop, &ana(), "_").await.is_empty());
}

#[tokio::test]
async fn a_new_one_is_there_and_nobody_is_told() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    let new = NewCustomer {
        name: "Ema Čolak".to_owned(),
        phone: Some("+385 91 555 0131".to_owned()),
        ..NewCustomer::default()
    };
    let added = shop
        .store
        .add_customer(&dana(), new.clone(), later(1))
        .await;
    let added = added.unwrap();
    assert_eq!((added.seq, added.value.version), (head, Version(1)));
    assert_eq!(customer(&shop, added.value.id).await, added.value);
    assert_eq!(found(&shop, &dana(), "colak").await, ["Ema Čolak"]);
    shop.assert_untouched(head).await;

    let refused = shop.store.add_customer(&tarik(), new, now()).await;
    assert_eq!(refusal(refused), Refusal::Forbidden);
}

#[tokio::test]
async fn a_change_shows_in_open_orders_and_tickets_in_intake_each_with_its_event() {
    let shop = Shop::open().await;
    let of_korzo = WorkOrderFilter {
        customer_id: Some(KORZO),
        ..WorkOrderFilter::default()
    };
    let before = shop.orders(&ana(), &of_korzo).await;
    let head = shop.head().await;
    let patch = CustomerPatch {
        name: Some("Korzo d.o.o.".to_owned()),
        email: Field::Set(None),
        ..calls("+385 1 555 0999")
    };
    let patched = shop
        .store
        .patch_customer(&dana(), KORZO, patch, None, later(2))
        .await
        .unwrap();
    assert_eq!(patched.value, customer(&shop, KORZO).await);
    assert_eq!(patched.value.version, Version(2));
    assert_eq!(patched.seq, shop.head().await, "there are no notifications");

    let mut open = 0;
    for order in before {
        let after = shop.order(order.id).await;
        if order.status.is_closed() {
            assert_eq!(after, order, "it keeps what it was closed with");
            continue;
        }
        open += 1;
        assert_eq!(after.customer_name, "Korzo d.o.o.");
        assert_eq!(after.customer_phone.as_deref(), Some("+385 1 555 0999"));
        assert_eq!(after.customer_email, None);
        assert_eq!(
            (after.version.0, after.updated_at),
            (order.version.0 + 1, later(2))
        );
    }
    let rows = shop.events(head).await;
    let names: Vec<_> = rows.iter().map(|row| row.event.name()).collect();
    assert_eq!(open, 1);
    // The till's ticket is converted: its order shows the change.
    assert_eq!(names, ["work_order_updated", "repair_ticket_updated"]);
    let DurableEvent::WorkOrderUpdated(event) = &rows[0].event else {
        panic!("another event");
    };
    let Some(UpdateData::Updated {
        updated_fields,
        updated_by,
    }) = &event.data
    else {
        panic!("other data");
    };
    let fields: Vec<_> = updated_fields.keys().map(String::as_str).collect();
    assert_eq!(
        fields,
        ["customer_email", "customer_name", "customer_phone"]
    );
    assert_eq!(*updated_by, dana().id);
    // And what is searched is what is shown.
    let search = |text: &str| WorkOrderFilter {
        search: Some(text.to_owned()),
        ..WorkOrderFilter::default()
    };
    assert_eq!(shop.orders(&dana(), &search("d.o.o.")).await.len(), 1);
    assert_eq!(
        shop.orders(&dana(), &search("korzo@bar.example"))
            .await
            .len(),
        1
    );
    check(&shop.store).await;
}

#[tokio::test]
async fn what_nothing_shows_changes_no_order() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    let patch = CustomerPatch {
        address: Field::Set(None),
        notes: Field::Set(Some("Ask for Ivo".to_owned())),
        ..CustomerPatch::default()
    };
    let patched = shop
        .store
        .patch_customer(&marko(), KORZO, patch, None, now())
        .await;
    assert_eq!(patched.unwrap().value.version, Version(2));
    shop.assert_untouched(head).await;
}

#[tokio::test]
async fn a_refused_change_leaves_no_trace() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    let before = customer(&shop, KORZO).await;
    let patch = async |who: &Actor, id, version| {
        let patch = calls("+385 1 555 0999");
        shop.store
            .patch_customer(who, id, patch, version, now())
            .await
    };
    assert_eq!(
        refusal(patch(&tarik(), KORZO, None).await),
        Refusal::Forbidden
    );
    for (who, id) in [
        (olga(), KORZO),
        (ana(), CustomerId(31)),
        (ana(), CustomerId(99)),
    ] {
        assert_eq!(refusal(patch(&who, id, None).await), Refusal::NotFound);
    }
    assert!(
        shop.store
            .customer(theo().shop, KORZO)
            .await
            .unwrap()
            .is_none()
    );
    let Err(CommandError::Refused {
        refusal: Refusal::VersionMismatch,
        current: Some(current),
        ..
    }) = patch(&dana(), KORZO, Some(Version(9))).await
    else {
        panic!("not refused");
    };
    assert_eq!(*current, before);
    // What is already so is no change either.
    let same = calls(before.phone.as_deref().unwrap());
    let same = shop
        .store
        .patch_customer(&dana(), KORZO, same, None, now())
        .await;
    assert_eq!(same.unwrap().value, before);
    assert_eq!(customer(&shop, KORZO).await, before);
    shop.assert_untouched(head).await;
}
