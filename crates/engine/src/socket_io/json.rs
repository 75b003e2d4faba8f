//! The bound on JSON's depth, checked before anything is built from it.

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
