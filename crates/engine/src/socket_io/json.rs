//! JSON as clients write it: the bound on its depth, checked before anything is built from it, and text that JavaScript
//! can hold but Rust cannot.

use serde::de::DeserializeOwned;

use crate::engine_io::Malformed;

/// Reads JSON whose depth is known. Half a surrogate pair, which is what a client sends that has cut a text within an
/// emoji, becomes U+FFFD.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Malformed> {
    serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&without_lone_surrogates(text)))
        .map_err(|_| Malformed)
}

/// `text` with `\ufffd` for each escape of half a surrogate pair that is not beside its other half.
fn without_lone_surrogates(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.find('\\').and_then(|at| rest.split_at_checked(at)) {
        whole.push_str(before);
        let taken = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (Some(0xd800..0xe000), _) => {
                whole.push_str("\\ufffd");
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            // The backslash and what it escapes, which may be another.
            _ => escape
                .char_indices()
                .nth(2)
                .map_or(escape.len(), |(at, _)| at),
        };
        let (kept, next) = escape.split_at_checked(taken).unwrap_or((escape, ""));
        whole.push_str(kept);
        rest = next;
    }
    whole + rest
}

/// The code unit that `text` begins with the escape of.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}

/// Whether arrays and objects in `text` nest at most `max` deep, as the engine asks of packets; for
/// an application that takes JSON by other ways, too. Linear, without recursion or
/// memory; `text` need not be valid JSON.
pub fn is_within_depth(text: &str, max: usize) -> bool {
    let mut depth = 0_usize;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => {
                depth += 1;
                if depth > max {
                    return false;
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' => {
                while let Some(byte) = bytes.next()
                    && byte != b'"'
                {
                    if byte == b'\\' {
                        bytes.next();
                    }
                }
            }
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_surrogate_pair_is_replaced_and_nothing_else() {
        for (text, read_as) in [
            (r#""\ud800""#, "\u{fffd}"),
            (r#""a\uDC00b""#, "a\u{fffd}b"),
            (r#""\ud83d\ud83d\ude00\ude00""#, "\u{fffd}\u{1f600}\u{fffd}"),
            (r#""\\ud800\ud800\\""#, "\\ud800\u{fffd}\\"),
            (r#""\ud83d\n\u00e4ä""#, "\u{fffd}\nää"),
        ] {
            assert_eq!(read::<String>(text).as_deref(), Ok(read_as), "{text}");
        }
        for wrong in [
            r#""\ud8""#,
            r#""\ud800"#,
            r#""\ud800\x""#,
            r#""\"#,
            r#""\u+800""#,
        ] {
            assert_eq!(read::<String>(wrong), Err(Malformed), "{wrong}");
        }
    }

    #[test]
    fn depth_counts_what_nests_outside_of_strings() {
        let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
        assert!(is_within_depth(&nested(32), 32));
        assert!(!is_within_depth(&nested(33), 32));
        assert!(is_within_depth(r#"["[[[[\"[[[\\",{"a":[]}]"#, 3));
        assert!(!is_within_depth(r#"["",{"a":[]}]"#, 2));
        assert!(is_within_depth(&"[]".repeat(1000), 1));
        assert!(!is_within_depth(&"{".repeat(100_000), 32));
    }
}
