//! How a route is described: a few words each.
//!
//! What follows from a route's shape is added here, so that it is said once: who has no token is refused, a body may be too
//! large, a write may find the disk full.

use serde_json::json;
use shopbell_protocol::{Code, Role, Seq};
use utoipa::{
    PartialSchema as _, ToSchema,
    openapi::{
        ArrayBuilder, HttpMethod, ObjectBuilder, RefOr, Required, Schema,
        path::{Parameter, ParameterBuilder, ParameterIn, ParameterStyle},
        schema::{ArrayItems, Type},
    },
};

use super::schema::{Data, Named};

/// A route as the document tells of it.
pub(super) struct Route {
    pub(super) method: HttpMethod,
    pub(super) path: &'static str,
    /// The function that answers: `customers::list`.
    pub(super) handler: &'static str,
    pub(super) summary: &'static str,
    pub(super) parameters: Vec<Parameter>,
    pub(super) named: Vec<Named>,
    pub(super) body: Option<Named>,
    pub(super) answer: Answer,
    pub(super) codes: Vec<Code>,
    pub(super) needs_token: bool,
    pub(super) has_message: bool,
}

/// What a route answers when all is well.
pub(super) enum Answer {
    /// In the envelope: 200 or 201, and whether it is tied to the journal.
    Enveloped(Data, &'static str, bool),
    /// JSON of its own shape, which a 503 has too.
    Plain(Named),
    /// Something else.
    Media(&'static str),
}

fn route(
    method: HttpMethod,
    path: &'static str,
    handler: &'static str,
    summary: &'static str,
) -> Route {
    let mut codes = vec![
        Code::TokenInQuery,
        Code::AuthenticationRequired,
        Code::InvalidToken,
        Code::TokenExpired,
        Code::InternalError,
        Code::Unavailable,
    ];
    if !matches!(method, HttpMethod::Get) {
        codes.push(Code::StorageFull);
    }
    let takes_key =
        matches!(method, HttpMethod::Post | HttpMethod::Patch) && !path.starts_with("/api/auth/");
    let mut route = Route {
        method,
        path,
        handler,
        summary,
        parameters: Vec::new(),
        named: Vec::new(),
        body: None,
        answer: Answer::Enveloped(Data::Null, "200", false),
        codes,
        needs_token: true,
        has_message: false,
    };
    for part in path.split('/') {
        let name = part
            .strip_prefix('{')
            .and_then(|part| part.strip_suffix('}'));
        if let Some(name) = name {
            let (description, schema) = match name {
                "role" => ("A role.", Named::of::<Role>().reference().into()),
                "name" => (
                    "A room's name, such as `work_order_7`.",
                    of_type(Type::String),
                ),
                _ => ("Its `id`.", of_type(Type::Integer)),
            };
            let parameter = parameter(ParameterIn::Path, name, description, schema);
            route
                .parameters
                .push(parameter.required(Required::True).build());
            if name == "role" {
                route.named.push(Named::of::<Role>());
            }
            route.codes.push(Code::NotFound);
        }
    }
    if takes_key { route.once() } else { route }
}

pub(super) fn get(path: &'static str, handler: &'static str, summary: &'static str) -> Route {
    route(HttpMethod::Get, path, handler, summary)
}

pub(super) fn post(path: &'static str, handler: &'static str, summary: &'static str) -> Route {
    route(HttpMethod::Post, path, handler, summary)
}

pub(super) fn patch(path: &'static str, handler: &'static str, summary: &'static str) -> Route {
    route(HttpMethod::Patch, path, handler, summary)
}

pub(super) fn delete(path: &'static str, handler: &'static str, summary: &'static str) -> Route {
    route(HttpMethod::Delete, path, handler, summary)
}

/// What it takes and when it refuses.
impl Route {
    /// Anyone may ask.
    pub(super) fn for_anyone(mut self) -> Self {
        self.needs_token = false;
        let token = [
            Code::AuthenticationRequired,
            Code::InvalidToken,
            Code::TokenExpired,
        ];
        self.without(&token)
    }

    /// It asks the database nothing.
    pub(super) fn reading_nothing(self) -> Self {
        self.without(&[Code::InternalError, Code::Unavailable, Code::StorageFull])
    }

    /// It changes nothing that is stored.
    pub(super) fn writing_nothing(self) -> Self {
        self.without(&[Code::StorageFull])
    }

    fn without(mut self, codes: &[Code]) -> Self {
        self.codes.retain(|code| !codes.contains(code));
        self
    }

    /// Refusals besides those that follow from its shape.
    pub(super) fn refusing(mut self, codes: &[Code]) -> Self {
        self.codes.extend(codes);
        self
    }

    /// A body; every field of it may be wrong in its own way.
    pub(super) fn body<T: ToSchema>(mut self) -> Self {
        self.body = Some(Named::of::<T>());
        self.refusing(&[
            Code::Malformed,
            Code::ValidationFailed,
            Code::TooLarge,
            Code::UnsupportedMediaType,
            Code::UnknownField,
        ])
    }

    /// `Idempotency-Key`, under which it is done once.
    fn once(mut self) -> Self {
        let description = "Asked again with the same key and body within 24 hours, it is not done again, and answered the same with `Idempotency-Replayed: true`.";
        let schema = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(255))
            .pattern(Some("^[!-~]+$"));
        let header = parameter(
            ParameterIn::Header,
            "Idempotency-Key",
            description,
            schema.into(),
        );
        self.parameters.push(header.build());
        self.refusing(&[Code::Malformed, Code::Conflict, Code::IdempotencyKeyReused])
    }

    /// `If-Match` with the version that the change is meant for.
    pub(super) fn if_match(mut self) -> Self {
        let description = "The version in quotes that the change is meant for, such as `\"3\"`. Without it the last writer wins.";
        let schema = of_type(Type::String);
        let header = parameter(ParameterIn::Header, "If-Match", description, schema);
        self.parameters.push(header.build());
        self.refusing(&[Code::VersionMismatch])
    }

    /// A query parameter with one value.
    pub(super) fn query<T: ToSchema>(mut self, name: &str, description: &str) -> Self {
        let schema = self.mention::<T>();
        let query = parameter(ParameterIn::Query, name, description, schema);
        self.parameters.push(query.build());
        self.refusing(&[Code::Malformed])
    }

    /// A query parameter that takes several values with commas between them.
    pub(super) fn any_of<T: ToSchema>(mut self, name: &str, description: &str) -> Self {
        let items = ArrayItems::from(self.mention::<T>());
        let schema = ArrayBuilder::new().items(items);
        let query = parameter(ParameterIn::Query, name, description, schema.into())
            .style(Some(ParameterStyle::Form))
            .explode(Some(false));
        self.parameters.push(query.build());
        self.refusing(&[Code::Malformed])
    }

    /// Words, by reference; plain types where they stand.
    fn mention<T: ToSchema>(&mut self) -> RefOr<Schema> {
        let is_plain = ["String", "bool", "i64"].contains(&T::name().as_ref());
        if is_plain {
            return T::schema();
        }
        let named = Named::of::<T>();
        let reference = named.reference();
        self.named.push(named);
        reference.into()
    }
}

/// What it answers.
impl Route {
    /// Something that is not in the journal.
    pub(super) fn gives<T: ToSchema>(self) -> Self {
        self.enveloped(Data::One(Named::of::<T>()), "200", false)
    }

    /// All of something that is not in the journal.
    pub(super) fn lists<T: ToSchema>(self) -> Self {
        self.enveloped(Data::List(Named::of::<T>()), "200", false)
    }

    /// A row as it is now.
    pub(super) fn shows<T: ToSchema>(self) -> Self {
        self.enveloped(Data::One(Named::of::<T>()), "200", true)
    }

    /// Several rows as they are now.
    pub(super) fn shows_each<T: ToSchema>(self) -> Self {
        self.enveloped(Data::List(Named::of::<T>()), "200", true)
    }

    /// A new row.
    pub(super) fn creates<T: ToSchema>(self) -> Self {
        self.enveloped(Data::One(Named::of::<T>()), "201", true)
    }

    /// That a row is gone.
    pub(super) fn deletes(self) -> Self {
        self.enveloped(Data::Null, "200", true)
    }

    /// Part of the journal, and where it goes on.
    pub(super) fn follows<T: ToSchema>(mut self) -> Self {
        let after = "The place in the journal to go on after.";
        let after = parameter(ParameterIn::Query, "after", after, Seq::schema());
        self.parameters.extend([
            after.required(Required::True).build(),
            limit("Events at most."),
        ]);
        self.refusing(&[Code::Malformed, Code::ResyncRequired])
            .enveloped(Data::Events(Named::of::<T>()), "200", true)
    }

    /// A page of a list.
    pub(super) fn pages<T: ToSchema>(mut self) -> Self {
        let cursor = "Where to go on: the `next_cursor` of the page before.";
        let cursor = parameter(ParameterIn::Query, "cursor", cursor, of_type(Type::String));
        self.parameters
            .extend([limit("Rows at most."), cursor.build()]);
        self.refusing(&[Code::Malformed])
            .enveloped(Data::Page(Named::of::<T>()), "200", true)
    }

    /// JSON of its own shape, with status 503 when all is not well.
    pub(super) fn tells<T: ToSchema>(mut self) -> Self {
        self.answer = Answer::Plain(Named::of::<T>());
        self
    }

    /// Something that is no answer in JSON's envelope.
    pub(super) fn serves(mut self, media: &'static str) -> Self {
        self.answer = Answer::Media(media);
        self
    }

    /// With a sentence for people beside the data.
    pub(super) fn with_message(mut self) -> Self {
        self.has_message = true;
        self
    }

    fn enveloped(mut self, data: Data, status: &'static str, is_tied: bool) -> Self {
        self.answer = Answer::Enveloped(data, status, is_tied);
        self
    }
}

/// How many are given at most.
fn limit(description: &str) -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(100))
        .default(Some(json!(20)));
    parameter(ParameterIn::Query, "limit", description, schema.into()).build()
}

fn parameter(
    place: ParameterIn,
    name: &str,
    description: &str,
    schema: RefOr<Schema>,
) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
}

pub(super) fn of_type(r#type: Type) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(r#type).into()
}
