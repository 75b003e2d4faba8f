//! The document as a page: HTML and a style sheet in it, no script. A link to what is folded away unfolds it, since its
//! anchor stands inside.

use std::fmt::Write as _;

use serde_json::{Map, Value};

const STYLE: &str = include_str!("page.css");

/// The page of a document.
pub(super) fn render(document: &Value) -> String {
    let mut page = Page {
        document,
        html: String::new(),
    };
    page.head();
    for tag in list(document, "tags") {
        page.group(tag);
    }
    page.schemas();
    page.html.push_str("</main>\n</html>\n");
    page.html
}

struct Page<'a> {
    document: &'a Value,
    html: String,
}

impl<'a> Page<'a> {
    /// Writing to a string cannot fail.
    fn put(&mut self, html: std::fmt::Arguments<'_>) {
        let _infallible = self.html.write_fmt(html);
    }

    fn head(&mut self) {
        let info = &self.document["info"];
        self.put(format_args!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
            <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
            <title>Shopbell REST</title>\n<style>\n{STYLE}</style>\n\
            <header>\n<h1>Shopbell REST</h1>\n<p>Version {}. The same <a href=\"/api/openapi.json\">as OpenAPI</a>.</p>\n\
            </header>\n<nav aria-label=\"Groups\">\n",
            escaped(text(info, "version"))
        ));
        for tag in list(self.document, "tags") {
            let name = text(tag, "name");
            self.put(format_args!("<a href=\"#{name}\">{}</a>\n", title(name)));
        }
        self.put(format_args!(
            "<a href=\"#schemas\">Schemas</a>\n</nav>\n<main>\n<p>{}</p>\n",
            prose(text(info, "description"))
        ));
    }

    /// The routes of one tag.
    fn group(&mut self, tag: &Value) {
        let name = text(tag, "name");
        self.put(format_args!(
            "<section id=\"{name}\">\n<h2>{}</h2>\n<p>{}</p>\n",
            title(name),
            prose(text(tag, "description"))
        ));
        for (path, item) in entries(self.document, "paths") {
            for method in ["get", "post", "patch", "delete"] {
                let Some(operation) = item.get(method) else {
                    continue;
                };
                if list(operation, "tags").iter().any(|tag| tag == name) {
                    self.operation(method, path, operation);
                }
            }
        }
        self.html.push_str("</section>\n");
    }

    fn operation(&mut self, method: &str, path: &str, operation: &Value) {
        self.put(format_args!(
            "<details>\n<summary><b class=\"{method}\">{method}</b> <code>{}</code> <span>{}</span></summary>\n\
            <div id=\"{}\">\n",
            escaped(path),
            prose(text(operation, "summary")),
            escaped(text(operation, "operationId"))
        ));
        let who = if operation.get("security").is_some() {
            "A bearer token."
        } else {
            "No token."
        };
        self.put(format_args!("<p class=\"who\">{who}</p>\n"));
        let parameters = list(operation, "parameters");
        if !parameters.is_empty() {
            self.html.push_str("<h4>Parameters</h4>\n<dl>\n");
            for parameter in parameters {
                self.put(format_args!(
                    "<dt><code>{}</code> <i>{}, {}</i></dt>\n<dd>{}</dd>\n",
                    escaped(text(parameter, "name")),
                    escaped(text(parameter, "in")),
                    kind(&parameter["schema"]),
                    prose(text(parameter, "description"))
                ));
            }
            self.html.push_str("</dl>\n");
        }
        if let Some(body) = operation.pointer("/requestBody/content/application~1json/schema") {
            self.put(format_args!("<h4>Body</h4>\n<p>{}</p>\n", kind(body)));
        }
        self.html.push_str("<h4>Answers</h4>\n<dl>\n");
        for (status, answer) in entries(operation, "responses") {
            self.answer(status, answer);
        }
        self.html.push_str("</dl>\n</div>\n</details>\n");
    }

    fn answer(&mut self, status: &str, answer: &Value) {
        let shared = answer.get("$ref").and_then(Value::as_str);
        let answer = shared.map_or(answer, |to| self.referred(to));
        if shared.is_some() {
            let sentences = text(answer, "description").split("\n\n").map(prose);
            let sentences = sentences.collect::<Vec<_>>().join("<br>");
            return self.put(format_args!("<dt>{status}</dt>\n<dd>{sentences}</dd>\n"));
        }
        let contents = answer.get("content").and_then(Value::as_object);
        for (media, content) in contents.into_iter().flatten() {
            let schema = &content["schema"];
            let data = schema
                .pointer("/properties/data")
                .map(|data| format!("<code>data</code>: {}", kind(data)));
            let what = data.unwrap_or_else(|| kind(schema));
            let paged = if schema.pointer("/properties/pagination").is_some() {
                ", with <code>pagination</code>"
            } else {
                ""
            };
            let media = if media == "application/json" {
                String::new()
            } else {
                format!(" as {}", escaped(media))
            };
            self.put(format_args!("<dt>{status}</dt>\n<dd>{what}{paged}{media}"));
            let headers = answer.get("headers").and_then(Value::as_object);
            for name in headers.into_iter().flat_map(Map::keys) {
                self.put(format_args!(" · <code>{}</code>", escaped(name)));
            }
            self.html.push_str("</dd>\n");
        }
    }

    fn schemas(&mut self) {
        self.html
            .push_str("<section id=\"schemas\">\n<h2>Schemas</h2>\n");
        let components = &self.document["components"];
        for (name, schema) in entries(components, "schemas") {
            self.put(format_args!(
                "<details>\n<summary><code>{name}</code> <span>{}</span></summary>\n<div id=\"schema-{name}\">\n",
                prose(text(schema, "description"))
            ));
            self.shape(schema);
            self.html.push_str("</div>\n</details>\n");
        }
        self.html.push_str("</section>\n");
    }

    /// What a schema is made of, in full.
    fn shape(&mut self, schema: &Value) {
        for part in list(schema, "oneOf").iter().chain(list(schema, "allOf")) {
            self.shape(part);
        }
        let properties = entries(schema, "properties").collect::<Vec<_>>();
        if properties.is_empty() {
            if schema.get("oneOf").is_none() && schema.get("allOf").is_none() {
                self.put(format_args!("<p>{}</p>\n", kind(schema)));
            }
            return;
        }
        self.html.push_str("<dl>\n");
        for (name, property) in properties {
            let required = list(schema, "required")
                .iter()
                .any(|required| required == name);
            let optional = if required { "" } else { ", may be left out" };
            self.put(format_args!(
                "<dt><code>{}</code> <i>{}{optional}</i></dt>\n<dd>{}</dd>\n",
                escaped(name),
                kind(property),
                prose(text(property, "description"))
            ));
        }
        self.html.push_str("</dl>\n");
    }

    /// What a `#/…` reference names.
    fn referred(&self, to: &str) -> &'a Value {
        let pointer = to.trim_start_matches('#');
        self.document.pointer(pointer).unwrap_or(&Value::Null)
    }
}

/// A schema in a few words, with links to those that have a name.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let name = escaped(name.rsplit('/').next().unwrap_or_default());
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    let choices = list(schema, "oneOf");
    if !choices.is_empty() {
        return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        let words = words.iter().map(|word| {
            format!(
                "<code>{}</code>",
                escaped(word.as_str().unwrap_or_default())
            )
        });
        return words.collect::<Vec<_>>().join(", ");
    }
    let types = match &schema["type"] {
        Value::String(one) => one.clone(),
        Value::Array(several) => several
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(" or "),
        _ => "anything".to_owned(),
    };
    match (
        schema.get("items"),
        schema.get("format").and_then(Value::as_str),
    ) {
        (Some(items), _) => format!("list of {}", kind(items)),
        (None, Some(format)) => format!("{types} ({})", escaped(format)),
        (None, None) => types,
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn entries<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value
        .get(key)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// `work_orders` as a heading: `Work orders`.
fn title(name: &str) -> String {
    let words = name.replace('_', " ");
    match words.split_at_checked(1) {
        Some((first, rest)) => first.to_uppercase() + rest,
        None => words,
    }
}

/// Text with its code between backticks marked up.
fn prose(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let marked = parts.map(|(index, part)| {
        if index % 2 == 1 {
            format!("<code>{}</code>", escaped(part))
        } else {
            escaped(part)
        }
    });
    marked.collect()
}

fn escaped(text: &str) -> String {
    let escape = |c| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        c => String::from(c),
    };
    text.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_cannot_become_markup() {
        assert_eq!(
            prose("a < `b > \"c\"` & d"),
            "a &lt; <code>b &gt; &quot;c&quot;</code> &amp; d"
        );
        assert_eq!(title("work_orders"), "Work orders");
        assert_eq!(title(""), "");
    }
}
