//! Which pages may connect, and what their browsers need to hear (CORS).

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, HOST,
    ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue};

use super::error::Error;
use crate::Origins;

/// The allowed origin that a request names; `None` when it names none.
pub(super) fn check(origins: &Origins, headers: &HeaderMap) -> Result<Option<HeaderValue>, Error> {
    let Some(origin) = headers.get(ORIGIN) else {
        return Ok(None);
    };
    let allowed = match origins {
        Origins::Any => true,
        Origins::SameHostOr(listed) => {
            listed
                .iter()
                .any(|each| each.as_bytes() == origin.as_bytes())
                || is_host(origin, headers.get(HOST))
        }
    };
    if allowed {
        Ok(Some(origin.clone()))
    } else {
        Err(Error::Forbidden)
    }
}

/// Whether the page comes from the very host that the request is for.
fn is_host(origin: &HeaderValue, host: Option<&HeaderValue>) -> bool {
    let authority = origin.to_str().ok().and_then(|origin| {
        origin
            .strip_prefix("http://")
            .or_else(|| origin.strip_prefix("https://"))
    });
    match (authority, host.and_then(|host| host.to_str().ok())) {
        (Some(authority), Some(host)) => authority.eq_ignore_ascii_case(host),
        _ => false,
    }
}

/// Lets the page at `origin` read the answer, with its credentials.
pub(super) fn allow(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(
        ACCESS_CONTROL_ALLOW_CREDENTIALS,
        HeaderValue::from_static("true"),
    );
    headers.append(VARY, HeaderValue::from_static("Origin"));
}

/// Answers a preflight: what [`allow`]ed pages may send.
pub(super) fn preflight(headers: &mut HeaderMap, request: &HeaderMap) {
    headers.insert(
        ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, POST"),
    );
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    if let Some(asked) = request.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(origins: &Origins, origin: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("shop.example:3001"));
        headers.insert(ORIGIN, HeaderValue::from_str(origin).unwrap());
        check(origins, &headers).is_ok()
    }

    #[test]
    fn a_page_of_the_same_host_or_of_the_list_is_let_in() {
        let origins = Origins::SameHostOr(vec!["https://desk.example".into()]);
        for origin in [
            "http://shop.example:3001",
            "https://SHOP.example:3001",
            "https://desk.example",
        ] {
            assert!(allows(&origins, origin), "{origin}");
        }
        for origin in [
            "http://shop.example",
            "http://desk.example",
            "https://desk.example.evil",
            "null",
            "shop.example:3001",
        ] {
            assert!(!allows(&origins, origin), "{origin}");
            assert!(allows(&Origins::Any, origin), "{origin}");
        }
        assert_eq!(check(&origins, &HeaderMap::new()), Ok(None));
    }
}
