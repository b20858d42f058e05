//! The query of a URL, as Go's `url.ParseQuery` reads it.

use super::target::unescape;
use std::borrow::Cow;

/// The pairs of a query, in their order. A pair with a semicolon or a bad escape is dropped, as
/// `URL.Query` drops it.
pub fn pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    query.split('&').filter_map(|pair| {
        if pair.is_empty() || pair.contains(';') {
            return None;
        }
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((unescape(key, true)?.0, unescape(value, true)?.0))
    })
}

/// The first value of a key.
pub fn first<'q>(query: &'q str, key: &str) -> Option<Cow<'q, str>> {
    if query.is_empty() {
        return None;
    }
    pairs(query)
        .find(|(name, _)| name == key)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_pairs() {
        let query = "a=1&&b;c=2&d=%zz&a=3&e+f=g%20h&i&=j";
        let read: Vec<String> = pairs(query).map(|(k, v)| format!("{k}:{v}")).collect();
        assert_eq!(read, ["a:1", "a:3", "e f:g h", "i:", ":j"]);
        assert_eq!(first(query, "a").as_deref(), Some("1"));
        assert_eq!(first(query, "b"), None);
    }
}
