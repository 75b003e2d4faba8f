//! What becomes of a route in the document: an operation, and the responses that its refusals share with other routes'.

use serde_json::json;
use shopbell_protocol::{Code, ErrorBody, Seq};
use utoipa::{
    PartialSchema as _,
    openapi::{
        Content, Header, ObjectBuilder, Ref, RefOr, Required, Response, Schema,
        path::{Operation, OperationBuilder},
        request_body::RequestBodyBuilder,
        response::ResponseBuilder,
        schema::Type,
        security::SecurityRequirement,
    },
};

use super::{
    describe::{Answer, Route, of_type},
    schema::{Data, Named, narrowed},
};
use crate::http::answer::Failure;

/// What becomes of it in the document.
impl Route {
    /// The group that it is in: its handler's module.
    pub(super) fn tag(&self) -> &'static str {
        self.handler.split("::").next().unwrap_or_default()
    }

    /// The schemas of what it takes.
    pub(super) fn asks(&self) -> impl Iterator<Item = &Named> {
        self.body.iter().chain(&self.named)
    }

    /// The schemas of what it answers.
    pub(super) fn answers(&self) -> impl Iterator<Item = &Named> {
        match &self.answer {
            Answer::Enveloped(data, ..) => data.named(),
            Answer::Plain(named) => Some(named),
            Answer::Media(_) => None,
        }
        .into_iter()
    }

    pub(super) fn operation(&self) -> Operation {
        let mut operation = OperationBuilder::new()
            .tag(self.tag())
            .operation_id(Some(self.handler.replace("::", ".")))
            .summary(Some(self.summary))
            .parameters(Some(self.parameters.clone()));
        if self.needs_token {
            operation =
                operation.security(SecurityRequirement::new::<_, [&str; 0], _>("bearer", []));
        }
        if let Some(body) = &self.body {
            let body = RequestBodyBuilder::new()
                .content("application/json", Content::new(Some(body.reference())))
                .required(Some(Required::True));
            operation = operation.request_body(Some(body.build()));
        }
        let (status, answer) = self.success();
        operation = operation.response(status, answer);
        if let Answer::Plain(named) = &self.answer
            && self.codes.contains(&Code::Unavailable)
        {
            operation = operation.response("503", json_response("Not now.", named.reference()));
        }
        for (status, name, _) in self.grouped() {
            operation = operation.response(status.to_string(), Ref::from_response_name(name));
        }
        operation.build()
    }

    fn success(&self) -> (&'static str, Response) {
        match &self.answer {
            Answer::Plain(named) => ("200", json_response("Done.", named.reference())),
            Answer::Media(media) => {
                let schema = of_type(if *media == "application/json" {
                    Type::Object
                } else {
                    Type::String
                });
                let response = ResponseBuilder::new().description("Done.");
                (
                    "200",
                    response.content(*media, Content::new(Some(schema))).build(),
                )
            }
            Answer::Enveloped(data, status, is_tied) => {
                let description = if *status == "201" { "Made." } else { "Done." };
                let mut response = json_response(description, data.envelope(self.has_message));
                if *is_tied {
                    tie(&mut response);
                }
                (*status, response)
            }
        }
    }

    /// Its refusals by status: the name that they share with other routes', and the codes.
    fn grouped(&self) -> Vec<(u16, String, Vec<Code>)> {
        let mut groups: Vec<(u16, Vec<Code>)> = Vec::new();
        for code in &self.codes {
            // The 503 of an answer of its own shape is of that shape.
            if matches!(self.answer, Answer::Plain(_)) && *code != Code::TokenInQuery {
                continue;
            }
            let status = Failure::from(*code).status().as_u16();
            match groups.iter_mut().find(|(of, _)| *of == status) {
                Some((_, codes)) if codes.contains(code) => {}
                Some((_, codes)) => codes.push(*code),
                None => groups.push((status, vec![*code])),
            }
        }
        let named = groups.into_iter().map(|(status, mut codes)| {
            codes.sort_by_key(|code| spelled(*code));
            let mut name = codes
                .iter()
                .map(|code| spelled(*code))
                .collect::<Vec<_>>()
                .join(".");
            if let Some(row) = self.row(&codes) {
                name = format!("{name}.{}", row.name());
            }
            (status, name, codes)
        });
        named.collect()
    }

    /// The responses that its refusals refer to.
    pub(super) fn refusals(&self) -> Vec<(String, Response)> {
        let groups = self.grouped().into_iter();
        groups
            .map(|(status, name, codes)| (name, self.refusal(status, &codes)))
            .collect()
    }

    fn refusal(&self, status: u16, codes: &[Code]) -> Response {
        let sentences = codes
            .iter()
            .map(|code| format!("`{}`: {}", spelled(*code), code.message()));
        let description = sentences.collect::<Vec<_>>().join("\n\n");
        let words = codes.iter().map(|code| json!(code));
        let code = ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(words));
        let mut schema = narrowed(Named::of::<ErrorBody>().reference(), "code", code);
        let row = self.row(codes);
        if let (Some(row), Schema::AllOf(all)) = (row, &mut schema) {
            let data = ObjectBuilder::new()
                .property("data", row.reference())
                .required("data");
            all.items.push(data.into());
        }
        let mut response = json_response(&description, schema);
        if row.is_some() {
            tie(&mut response);
        }
        let header = match status {
            401 => Some(("WWW-Authenticate", "`Bearer`.")),
            503 | 507 => Some(("Retry-After", "Seconds to wait before trying again.")),
            _ => None,
        };
        if let Some((name, description)) = header {
            let mut header = Header::default();
            header.description = Some(description.to_owned());
            response.headers.insert(name.to_owned(), header.into());
        }
        response
    }

    /// The row that a stale `If-Match` is shown.
    fn row(&self, codes: &[Code]) -> Option<&Named> {
        match &self.answer {
            Answer::Enveloped(Data::One(row), ..) if codes.contains(&Code::VersionMismatch) => {
                Some(row)
            }
            _ => None,
        }
    }
}

/// The headers that tie an answer to a place in the shop's journal.
pub(super) fn shop_headers() -> [(&'static str, Header); 2] {
    let header = |schema: RefOr<Schema>, description: &str| {
        let mut header = Header::new(schema);
        header.description = Some(description.to_owned());
        header
    };
    [
        (
            "Shop-Seq",
            header(
                Seq::schema(),
                "For what was read, how far the journal had come; for what was written, the last event about it.",
            ),
        ),
        (
            "Shop-Epoch",
            header(
                of_type(Type::String),
                "The life of the journal that `Shop-Seq` counts in.",
            ),
        ),
    ]
}

/// Adds the headers that tie an answer to the journal.
fn tie(response: &mut Response) {
    for (name, _) in shop_headers() {
        let header = Ref::new(format!("#/components/headers/{name}"));
        response.headers.insert(name.to_owned(), RefOr::Ref(header));
    }
}

fn json_response(description: &str, schema: impl Into<RefOr<Schema>>) -> Response {
    let content = Content::new(Some(schema.into()));
    ResponseBuilder::new()
        .description(description)
        .content("application/json", content)
        .build()
}

/// A code as it stands on the wire.
fn spelled(code: Code) -> String {
    json!(code).as_str().unwrap_or_default().to_owned()
}
