use std::time::{Duration, Instant};

use serde_json::json;

use super::parse;
use crate::load::tree::{ParseError, Sink, Tree};
use crate::load::yaml::tests::{Collect, mutations};

fn collect(text: &str) -> Result<Collect, ParseError> {
    let mut collect = Collect::default();
    parse(text, &mut collect).map(|_| collect)
}

#[test]
fn values() {
    let text = "[0,-1,1.50,1E+2,true,false,null,\"\",{},[],{\"a\":{\"b\":[[]]}}]";
    let expected: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(collect(text).unwrap().documents, [expected]);
    let spaced = " {\r\n\t\"a\" : [ 1 , 2 ] , \"b\" : { } }\n";
    assert_eq!(
        collect(spaced).unwrap().documents,
        [json!({"a": [1, 2], "b": {}})]
    );
}

#[test]
fn strings() {
    for (text, expected) in [
        (
            r#""plain text of some length""#,
            "plain text of some length",
        ),
        (r#""\"\\\/\b\f\n\r\tA""#, "\"\\/\u{8}\u{c}\n\r\tA"),
        (r#""\ud83d\ude00""#, "😀"),
        (r#""\ud83d""#, "\u{fffd}"),
        (r#""\ud83dA""#, "\u{fffd}A"),
        (r#""\ude00\ud83d\ude00""#, "\u{fffd}😀"),
        ("\"é\u{7f}\u{2028}\"", "é\u{7f}\u{2028}"),
    ] {
        assert_eq!(
            collect(text).unwrap().documents,
            [json!(expected)],
            "{text}"
        );
    }
    // Quotes and escapes at every offset of an eight-byte word.
    for length in 0..20 {
        let plain = "é".repeat(length / 3) + &"x".repeat(length);
        let text = format!("[\"{plain}\",\"{plain}\\n{plain}\"]");
        let expected = json!([plain, format!("{plain}\n{plain}")]);
        assert_eq!(collect(&text).unwrap().documents, [expected]);
    }
}

#[test]
fn several_values() {
    let all = collect("{\"a\":1}{\"b\":2}\n[3]\n\nnull 4 \"x\"").unwrap();
    let expected = [
        json!({"a": 1}),
        json!({"b": 2}),
        json!([3]),
        json!(4),
        json!("x"),
    ];
    assert_eq!(all.documents, expected);
    assert_eq!(all.empty, [4]);
    assert_eq!(parse(" \n", &mut Collect::default()).unwrap(), 0);
}

#[test]
fn refusals() {
    for (text, expected) in [
        ("\u{feff}{}", "line 1, column 1: found a byte order mark"),
        (
            "{\"a\":1}trailing}",
            "line 1, column 8: found `t`, expected a value such as `true`",
        ),
        ("not json", "found `n`, expected a value such as `null`"),
        ("{\"a\":[1],}", "found `}`, expected a key in double quotes"),
        ("[1,]", "found `]`, expected a value"),
        ("[1 2]", "line 1, column 4: found `2`, expected `,` or `]`"),
        (
            "{\n \"é\" 1}",
            "line 2, column 6: found `1`, expected `:` after a key",
        ),
        ("{\"a\":1", "found the end of the text, expected `,` or `}`"),
        ("[01]", "expected no digit after a leading zero"),
        ("[1.]", "expected a digit"),
        ("[-]", "expected a digit"),
        ("[+1]", "expected a value"),
        ("[.5]", "expected a value"),
        ("[1e]", "expected a digit"),
        ("[NaN]", "expected a value"),
        ("'a'", "found `'`, expected a value"),
        ("\"a", "expected `\"` at the end of a string"),
        ("\"\n\"", "found a control character in a string"),
        ("\"\\x\"", "line 1, column 2: found an unknown escape"),
        ("\"\\u12g4\"", "without four hexadecimal digits"),
        ("\"\\", "found an unknown escape"),
        ("// a\n1", "expected a value"),
    ] {
        let error = collect(text)
            .map(|all| all.documents)
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{text:?}: {error}");
    }
}

#[test]
fn duplicates_are_reported() {
    let text = r#"{"m":{"name":"a","name":"b"},"r":[{"v":1,"v":2}],"r":[]}"#;
    let all = collect(text).unwrap();
    assert_eq!(all.duplicates, ["m.name at 1", "r[0].v at 1", "r at 1"]);
    assert_eq!(all.documents, [json!({"m": {"name": "b"}, "r": []})]);
}

#[test]
fn items_are_streamed() {
    let all = collect(r#"{"items":[1,{"a":[2]}],"kind":"List"} {"items":[]}"#).unwrap();
    let expected = [
        json!({"items": [1, {"a": [2]}], "kind": "List"}),
        json!({"items": []}),
    ];
    assert_eq!(all.documents, expected);
    let all = collect(r#"{"items":[1,2],"items":[3]}{"items":[4],"items":null}"#).unwrap();
    assert_eq!(
        all.documents,
        [json!({"items": [3]}), json!({"items": null})]
    );
    assert_eq!(all.discarded, 3);
}

/// Keeps where every string is.
struct Places(Vec<(String, u32, u32)>);

impl Sink for Places {
    type Error = ParseError;

    fn item(&mut self, _: &Tree) -> Result<(), ParseError> {
        Ok(())
    }

    fn discard_items(&mut self) {}

    fn document(&mut self, document: &Tree, _: Option<usize>) -> Result<(), ParseError> {
        for item in document.root().into_iter().flat_map(|root| root.items()) {
            let text = item.as_str().unwrap_or_default().to_string();
            self.0.push((text, item.line(), item.column()));
        }
        Ok(())
    }
}

#[test]
fn positions_count_characters() {
    let mut places = Places(Vec::new());
    parse("[\"é\\u00e9é\", \"b\",\n  \"😀\", \"d\"]", &mut places).unwrap();
    let found: Vec<_> = places.0.iter().map(|p| (p.0.as_str(), p.1, p.2)).collect();
    assert_eq!(
        found,
        [("ééé", 1, 2), ("b", 1, 14), ("😀", 2, 3), ("d", 2, 8)]
    );
}

#[test]
fn hostile_texts_end_soon() {
    let start = Instant::now();
    for open in ["[", "{\"a\":", "[{\"a\":"] {
        let deep = open.repeat(1_000_000);
        let error = collect(&deep).map(|all| all.documents).unwrap_err();
        assert!(error.message.contains("exceeded max depth"), "{error}");
    }
    assert!(collect(&("[".repeat(10_000) + &"]".repeat(10_000))).is_ok());
    let keys: Vec<_> = (0..50_000).map(|i| format!("\"k{i}\":1")).collect();
    assert!(collect(&format!("{{{}}}", keys.join(","))).is_ok());
    assert!(collect(&"\"\\ud800".repeat(20_000)).is_err());
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn no_text_panics() {
    let seeds = [
        r#"{"apiVersion":"v1","items":[{"a":[1,-2.5e3,true,null,"é\n\ud83d\ude00"]}],"kind":"List"}"#,
        "[1,2]\n{\"a\":{}}\n\"x\"",
    ];
    mutations(&seeds, 5000, |text| {
        // What serde_json takes is a subset, but for its depth limit and its range of numbers.
        let ours = collect(text);
        let theirs: Result<Vec<serde_json::Value>, _> = serde_json::Deserializer::from_str(text)
            .into_iter()
            .collect();
        if let Ok(theirs) = theirs {
            let expected: Vec<_> = theirs.into_iter().filter(|v| !v.is_null()).collect();
            let found = ours
                .map(|all| all.documents)
                .unwrap_or_else(|e| panic!("{text:?}: {e}"));
            assert_eq!(found, expected, "{text:?}");
        }
    });
}
