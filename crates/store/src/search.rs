//! Comparing text as people read it.
//!
//! Databases fold case each in their own way, SQLite for ASCII alone. So what is searched, sorted or compared is stored
//! folded beside the text, by the one function here, and the SQL compares plainly: `kovac` finds `Marko Kovač`.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// `text` in lower case, without accents, and with single spaces.
pub(crate) fn fold(text: &str) -> String {
    let plain = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            // Letters that Unicode does not take apart.
            'đ' | 'ð' => 'd',
            'ł' => 'l',
            'ø' => 'o',
            'ı' => 'i',
            _ => c,
        });
    let plain: String = plain.collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Several texts folded into one column; the line break keeps a search from matching across two of them.
pub(crate) fn fold_all<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let folded: Vec<_> = texts.into_iter().map(fold).collect();
    folded.join("\n")
}

/// How to reach a customer, folded: what a search finds only for those who may see it.
pub(crate) fn contact_key(phone: &Option<String>, email: &Option<String>) -> String {
    fold_all([phone, email].map(|text| text.as_deref().unwrap_or_default()))
}

/// The `like` pattern (with `escape '\'`) for folded text that contains `text`; `None` when there is nothing to look for.
pub(crate) fn pattern(text: &str) -> Option<String> {
    let folded = fold(text);
    if folded.is_empty() {
        return None;
    }
    let mut pattern = String::with_capacity(folded.len() + 2);
    pattern.push('%');
    for c in folded.chars() {
        if matches!(c, '\\' | '%' | '_') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    Some(pattern)
}

/// An e-mail address as it is compared at login: case does not count, accents do.
pub(crate) fn email_key(email: &str) -> String {
    email.trim().nfc().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_without_their_accents_and_in_any_case() {
        for (text, folded) in [
            ("Marko Kovač", "marko kovac"),
            ("JELENA ĐURIĆ", "jelena duric"),
            ("  Łukasz\t Wiśniewski ", "lukasz wisniewski"),
            ("Ђорђе", "ђорђе"),
            ("STRASSE", "strasse"),
            ("İpek", "ipek"),
        ] {
            assert_eq!(fold(text), folded);
        }
        assert_eq!(fold("Kovac\u{30c}"), fold("Kovač"));
    }

    #[test]
    fn a_pattern_means_its_text_and_nothing_else() {
        assert_eq!(pattern("100%_\\"), Some(r"%100\%\_\\%".to_owned()));
        assert_eq!(pattern("  "), None);
    }

    #[test]
    fn addresses_differ_by_accents_but_not_by_case() {
        assert_eq!(email_key(" Ana@Shopbell.Test"), "ana@shopbell.test");
        assert_ne!(
            email_key("aná@shopbell.test"),
            email_key("ana@shopbell.test")
        );
    }
}
