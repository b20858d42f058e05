//! What an answer gives back of its review.

use serde::Deserialize;
use serde_json::value::RawValue;

/// The parts of a review that are given back as they came.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Echo<'a> {
    #[serde(borrow)]
    api_version: Option<&'a RawValue>,
    #[serde(borrow)]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    metadata: Option<&'a RawValue>,
    #[serde(borrow)]
    spec: Option<&'a RawValue>,
}

/// The fields of [`Echo`], in the order in which they are given back.
pub(super) const ECHOED: [&str; 4] = ["apiVersion", "kind", "metadata", "spec"];

/// The texts of the [`ECHOED`] fields; `null` is absent.
pub(super) type Echoed<'a> = [Option<&'a str>; 4];

impl<'a> Echo<'a> {
    pub(super) fn texts(&self) -> Echoed<'a> {
        [self.api_version, self.kind, self.metadata, self.spec].map(|raw| raw.map(RawValue::get))
    }
}

/// What [`Echo`] gives, of a text that is known to be a JSON object: nothing is checked again, which
/// halves the cost of a review. `None` where a key is repeated, or written with escapes.
pub(super) fn echoed(text: &str) -> Option<Echoed<'_>> {
    let bytes = text.as_bytes();
    let (mut found, mut seen) = ([None; 4], [false; 4]);
    // After the brace, then after each comma.
    let mut at = skip_space(bytes, 0) + 1;
    loop {
        let key = skip_space(bytes, at);
        if *bytes.get(key)? != b'"' {
            return Some(found);
        }
        let key_end = end_of_string(bytes, key)?;
        let name = text.get(key + 1..key_end - 1)?;
        if name.contains('\\') {
            return None;
        }
        let colon = skip_space(bytes, key_end);
        let start = skip_space(bytes, colon + 1);
        let end = end_of_value(bytes, start)?;
        if let Some(slot) = ECHOED.iter().position(|&field| field == name) {
            if std::mem::replace(&mut seen[slot], true) {
                return None;
            }
            found[slot] = text.get(start..end).filter(|&value| value != "null");
        }
        let comma = skip_space(bytes, end);
        if *bytes.get(comma)? != b',' {
            return Some(found);
        }
        at = comma + 1;
    }
}

fn skip_space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count()
}

/// Just after the string that starts here.
fn end_of_string(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Just after the value that starts here, in an object.
fn end_of_value(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut at, mut depth) = (start, 0u32);
    loop {
        match *bytes.get(at)? {
            b'"' => at = end_of_string(bytes, at)?,
            b'{' | b'[' => (at, depth) = (at + 1, depth + 1),
            b'}' | b']' if depth > 0 => (at, depth) = (at + 1, depth - 1),
            b',' | b'}' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => return Some(at),
            // Inside a number or a word, or between the values of a container.
            _ => {
                at += 1;
                continue;
            }
        }
        if depth == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Echo, echoed};

    #[test]
    fn the_quick_echo_is_the_careful_one() {
        let texts = [
            r#"{}"#,
            r#" { } "#,
            r#"{"kind":"K","apiVersion":"v","status":{"a":[1,{"b":"}"}]},"spec":{"user":"\"}\\"}}"#,
            "{ \"spec\" :\t{ \"a\": [ ] } , \"metadata\" : null,\n\"x\": -1.5e3, \"kind\": true }",
            r#"{"metadata":[[],"]",{}],"kind":7 ,"spec":"\u0041"}"#,
        ];
        for text in texts {
            let careful: Echo<'_> = serde_json::from_str(text).expect("an object");
            assert_eq!(echoed(text), Some(careful.texts()), "{text}");
        }
        for unsure in [r#"{"kind":1,"kind":2}"#, r#"{"kin\u0064":1}"#] {
            assert_eq!(echoed(unsure), None, "{unsure}");
        }
    }
}
