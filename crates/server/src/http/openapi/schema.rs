//! The schemas that routes name, collected from the types.

use std::collections::BTreeMap;

use serde_json::json;
use shopbell_protocol::Seq;
use utoipa::{
    PartialSchema as _, ToSchema,
    openapi::{
        AllOfBuilder, ArrayBuilder, ObjectBuilder, Ref, RefOr, Schema, schema::ArrayItems,
        schema::Type,
    },
};

use super::describe::Route;
use crate::http::answer::Pagination;

/// A schema by name, with those that it is made of.
#[derive(Clone)]
pub(super) struct Named {
    name: String,
    parts: Vec<(String, RefOr<Schema>)>,
}

impl Named {
    pub(super) fn of<T: ToSchema>() -> Self {
        let name = T::name().into_owned();
        let mut parts = Vec::new();
        T::schemas(&mut parts);
        parts.push((name.clone(), T::schema()));
        Self { name, parts }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Where it stands in the document.
    pub(super) fn reference(&self) -> Ref {
        Ref::from_schema_name(&self.name)
    }
}

/// What a route answers.
#[derive(Clone)]
pub(super) enum Data {
    /// Nothing but that it was done.
    Null,
    One(Named),
    List(Named),
    /// A list of which there may be more.
    Page(Named),
    /// A part of the journal.
    Events(Named),
}

impl Data {
    /// What the data is made of.
    pub(super) fn named(&self) -> Option<&Named> {
        match self {
            Self::Null => None,
            Self::One(named) | Self::List(named) | Self::Page(named) | Self::Events(named) => {
                Some(named)
            }
        }
    }

    /// `{"status":"success","data":…}`, as `answer::Answer` writes it.
    pub(super) fn envelope(&self, has_message: bool) -> Schema {
        let data: RefOr<Schema> = match self {
            Self::Null => ObjectBuilder::new().schema_type(Type::Null).into(),
            Self::One(named) => named.reference().into(),
            Self::List(named) | Self::Page(named) | Self::Events(named) => ArrayBuilder::new()
                .items(ArrayItems::from(RefOr::from(named.reference())))
                .into(),
        };
        let mut envelope = ObjectBuilder::new()
            .property("status", word("success"))
            .required("status")
            .property("data", data)
            .required("data");
        if has_message {
            envelope = envelope
                .property("message", ObjectBuilder::new().schema_type(Type::String))
                .required("message");
        }
        if let Self::Page(_) = self {
            envelope = envelope
                .property("pagination", Named::of::<Pagination>().reference())
                .required("pagination");
        }
        if let Self::Events(_) = self {
            envelope = envelope.property("next", Seq::schema()).required("next");
        }
        envelope.build().into()
    }
}

/// The one string that stands there.
pub(super) fn word(word: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some([json!(word)]))
}

/// All schemas of the document, by name.
#[derive(Default)]
pub(super) struct Schemas(BTreeMap<String, RefOr<Schema>>);

impl Schemas {
    /// Collects what a route reads and answers.
    pub(super) fn take(&mut self, route: &Route) {
        for named in route.asks() {
            self.0.extend(named.parts.iter().cloned());
        }
        for named in route.answers() {
            let whole = |(name, schema): &(String, RefOr<Schema>)| {
                let mut schema = schema.clone();
                require_all(&mut schema);
                (name.clone(), schema)
            };
            self.0.extend(named.parts.iter().map(whole));
        }
    }

    pub(super) fn all(mut self) -> BTreeMap<String, RefOr<Schema>> {
        let pagination = Named::of::<Pagination>();
        let refusal = Named::of::<shopbell_protocol::ErrorBody>();
        self.0.extend(refusal.parts);
        for (name, mut schema) in pagination.parts {
            require_all(&mut schema);
            self.0.insert(name, schema);
        }
        self.0
    }
}

/// In answers a missing value is `null`, never an absent key.
fn require_all(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => object.required = object.properties.keys().cloned().collect(),
        Schema::OneOf(one_of) => one_of.items.iter_mut().for_each(require_all),
        Schema::AllOf(all_of) => all_of.items.iter_mut().for_each(require_all),
        _ => {}
    }
}

/// `base` and more about one of its properties.
pub(super) fn narrowed(base: Ref, property: &str, schema: impl Into<RefOr<Schema>>) -> Schema {
    AllOfBuilder::new()
        .item(base)
        .item(ObjectBuilder::new().property(property, schema))
        .build()
        .into()
}
