use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::parse;
use crate::load::tree::{ParseError, Sink, Tree};

/// Collects documents as JSON, with their streamed items put back.
#[derive(Default)]
pub(crate) struct Collect {
    pub documents: Vec<Json>,
    pub items: Vec<Json>,
    pub discarded: usize,
    pub empty: Vec<u32>,
    pub duplicates: Vec<String>,
}

impl Collect {
    fn note(&mut self, tree: &Tree) {
        for entry in tree.duplicates() {
            let place = format!("{} at {}", tree.path(entry.key), entry.value.line());
            self.duplicates.push(place);
        }
    }
}

impl Sink for Collect {
    type Error = ParseError;

    fn item(&mut self, item: &Tree) -> Result<(), ParseError> {
        self.note(item);
        self.items
            .extend(item.root().and_then(|root| root.to_json()));
        Ok(())
    }

    fn discard_items(&mut self) {
        self.discarded += self.items.len();
        self.items.clear();
    }

    fn rewind(&mut self) {
        self.items.clear();
    }

    fn document(&mut self, document: &Tree, items: Option<usize>) -> Result<(), ParseError> {
        self.note(document);
        let mut json = document
            .root()
            .and_then(|root| root.to_json())
            .unwrap_or_default();
        if let Some(count) = items {
            assert_eq!(self.items.len(), count);
            assert_eq!(json["items"], json!([]));
            json["items"] = std::mem::take(&mut self.items).into();
        }
        self.documents.push(json);
        Ok(())
    }

    fn empty(&mut self, line: u32) -> Result<(), ParseError> {
        self.empty.push(line);
        Ok(())
    }
}

fn collect(text: &str) -> Result<Collect, ParseError> {
    let mut collect = Collect::default();
    parse(text, &mut collect).map(|_| collect)
}

fn one(text: &str) -> Json {
    match collect(text) {
        Ok(mut all) if all.documents.len() == 1 => all.documents.remove(0),
        Ok(all) => panic!("{text:?} gave {:?}", all.documents),
        Err(error) => panic!("{text:?}: {error}"),
    }
}

fn refused(text: &str) -> String {
    match collect(text) {
        Ok(all) => panic!("{text:?} gave {:?}", all.documents),
        Err(error) => error.to_string(),
    }
}

#[test]
fn documents() {
    assert_eq!(one("a: 1"), json!({"a": 1}));
    assert_eq!(
        one("\u{feff}a: 1\r\nb: [x,]\r\n"),
        json!({"a": 1, "b": ["x"]})
    );
    assert_eq!(one("%YAML 1.1\n---\na: 1\n...\n"), json!({"a": 1}));
    assert_eq!(one("a:\t['']\n"), json!({"a": [""]}));
    assert_eq!(one("- get\n-\n"), json!(["get", null]));
    assert_eq!(one("just text"), json!("just text"));
    assert_eq!(one("{\"a\":\"x\",\n\"b\":[]}"), json!({"a": "x", "b": []}));
    assert_eq!(
        one("a: !!int \"1\"\nb: !t 1\nc: !!binary aGk="),
        json!({"a": 1, "b": "1", "c": "hi"})
    );
    assert_eq!(
        one("yes: 1\n0644: 2\n1.5: 3"),
        json!({"true": 1, "420": 2, "1.5": 3})
    );
    let all = collect("---\n---\na: 1\n---\n# c\n---\nb: 2\n---\n~\n").unwrap();
    assert_eq!(all.documents, [json!({"a": 1}), json!({"b": 2})]);
    assert_eq!(all.empty.len(), 3);
    assert_eq!(collect("# only a comment\n").unwrap().documents.len(), 0);
    assert_eq!(collect("").unwrap().documents.len(), 0);
}

#[test]
fn block_scalars_at_the_end() {
    for (text, expected) in [
        ("|\n  x", "x"),
        ("|\n  x\n", "x\n"),
        ("|\n  x\n ", "x\n"),
        ("|\n  x\n   ", "x\n "),
        ("|+\n  x", "x"),
        ("|+\n  x\n  ", "x\n"),
        ("|+\n  x\n\n", "x\n\n"),
        ("|-\n  x", "x"),
        (">\n  x\n  y", "x y"),
        (">-\n  get\n", "get"),
        ("|", ""),
        ("|\n  x\u{2028}", "x\u{2028}"),
    ] {
        assert_eq!(
            one(&format!("a: {text}")),
            json!({"a": expected}),
            "{text:?}"
        );
    }
}

#[test]
fn refusals() {
    for (text, expected) in [
        ("a:\n\t- b\n", "line 2, column 1: found a tab"),
        (
            "a:\n  - *nope\n",
            "line 2, column 5: unknown anchor 'nope' referenced",
        ),
        (
            "a: &x [*x]",
            "line 1, column 8: anchor 'x' value contains itself",
        ),
        ("a: &x {<<: *x}", "anchor 'x' value contains itself"),
        (
            "a: -\n",
            "block sequence entries are not allowed in this context",
        ),
        (
            "a: [*]",
            "did not find expected alphabetic or numeric character",
        ),
        ("~: v", "line 1, column 1: found null as a mapping key"),
        ("null: v", "found null as a mapping key"),
        ("[a]: v", "found a sequence as a mapping key"),
        ("{a: b}: v", "found a mapping as a mapping key"),
        ("? x: v", "found a mapping as a mapping key"),
        ("a:\n  : v\n", "did not find expected key"),
        (
            "a: .inf",
            "line 1, column 4: found a number without a JSON form",
        ),
        ("a: [.nan]", "found a number without a JSON form"),
        ("a: !!int x", "cannot decode !!str `x` as a !!int"),
        (
            "a: !!binary x",
            "!!binary value contains invalid base64 data",
        ),
        ("<<: 1", "map merge requires map"),
        ("a: &x [1]\n<<: *x", "map merge requires map"),
        ("<<: [{a: 1}, 2]", "map merge requires map"),
        ("a: [/healthz?x]", "found `?`"),
        ("a: \"\\/\"", "found unknown escape character"),
        ("a: \"\\", "found unexpected end of stream"),
        (
            "a: [!t, b]",
            "line 1, column 7: found `,` directly after a tag",
        ),
        ("a: [&x !t, b]", "found `,` directly after a tag"),
        ("%YAML 1.2\n---\na: 1", "found incompatible YAML document"),
        ("a: \u{1}", "line 1, column 4: found control character"),
        ("a: 'x", "found unexpected end of stream"),
        ("a: 1\nb\n", "could not find expected ':'"),
        ("a: @x", "found `@`, which cannot start a value; quote it"),
    ] {
        let error = refused(text);
        assert!(error.contains(expected), "{text:?}: {error}");
    }
}

#[test]
fn texts_that_look_like_tags() {
    for text in [
        "Warning !important, do",
        "hello!, x",
        "'[!a, b]'",
        "[a !x, b !y, c]",
        "\"!<a>, x\"",
    ] {
        one(&format!("a: {text}"));
    }
    assert_eq!(one("a: !<tag:yaml.org,2002:str> 1"), json!({"a": "1"}));
    assert_eq!(one("a: [!!str 1, 2] # !x,"), json!({"a": ["1", 2]}));
}

#[test]
fn aliases_and_merges() {
    assert_eq!(
        one("- &r {a: [1]}\n- *r\n"),
        json!([{"a": [1]}, {"a": [1]}])
    );
    assert_eq!(one("- &a 1\n- &a 2\n- *a\n"), json!([1, 2, 2]));
    assert_eq!(
        one("- &k 1\n- {*k : x, &n yes: 1}\n- *n\n"),
        json!([1, {"1": "x", "true": 1}, true])
    );
    let base = "- &r\n  a: 1\n  b: 2\n";
    assert_eq!(
        one(&format!("{base}- <<: *r\n  b: 3\n"))[1],
        json!({"a": 1, "b": 3})
    );
    assert_eq!(
        one(&format!("{base}- b: 3\n  <<: *r\n"))[1],
        json!({"a": 1, "b": 2})
    );
    assert_eq!(
        one("- &a {x: 1}\n- &b {x: 2, w: 2}\n- <<: [*a, *b]\n")[2],
        json!({"x": 1, "w": 2})
    );
    assert_eq!(
        one("<<: {a: 1, <<: {b: 2}}\nc: 3"),
        json!({"a": 1, "b": 2, "c": 3})
    );
    assert_eq!(
        one("m: {<<: &x {a: &y [1]}}\np: *x\no: *y"),
        json!({"m": {"a": [1]}, "p": {"a": [1]}, "o": [1]})
    );
    assert_eq!(one("'<<': {a: 1}"), json!({"<<": {"a": 1}}));
}

#[test]
fn duplicates() {
    let duplicates = |text: &str| collect(text).unwrap().duplicates;
    assert_eq!(one("a: 1\na: 2"), json!({"a": 2}));
    assert_eq!(duplicates("m:\n  a: 1\n  a:\n  - x\n"), ["m.a at 4"]);
    let base = "- &r\n  a: 1\n  b: 2\n";
    assert_eq!(
        duplicates(&format!("{base}- <<: *r\n  b: 3\n")),
        ["[1].b at 5"]
    );
    assert_eq!(
        duplicates(&format!("{base}- b: 3\n  <<: *r\n")),
        ["[1].b at 3"]
    );
    let many: String = (0..40).map(|i| format!("k{}: 1\n", i % 39)).collect();
    assert_eq!(duplicates(&many), ["k0 at 40"]);
}

#[test]
fn items_are_streamed() {
    let text = "apiVersion: v1\nitems:\n- &a {x: [&b 1]}\n- *a\n- w: *b\nkind: List\nz: *a\n";
    let all = collect(text).unwrap();
    let a = json!({"x": [1]});
    let expected = json!({"apiVersion": "v1", "items": [a, a, {"w": 1}], "kind": "List", "z": a});
    assert_eq!(all.documents[0], expected);
    // The same without streaming: an anchored sequence is read as a whole.
    assert_eq!(one(&text.replace("items:", "items: &all")), expected);
    assert_eq!(
        one("items: [1, [2], {a: 3}]"),
        json!({"items": [1, [2], {"a": 3}]})
    );
    assert_eq!(one("a: {items: [1]}"), json!({"a": {"items": [1]}}));
    let all = collect("items: [1, 2]\nitems: [3]\n").unwrap();
    assert_eq!(
        (all.documents, all.discarded),
        (vec![json!({"items": [3]})], 2)
    );
    let all = collect("items: [1, 2]\nitems: 5\n").unwrap();
    assert_eq!(
        (all.documents, all.discarded),
        (vec![json!({"items": 5})], 2)
    );
    let all = collect("items: [1, 2]\n<<: {items: [4]}\n").unwrap();
    assert_eq!(
        (all.documents, all.discarded),
        (vec![json!({"items": [4]})], 2)
    );
    assert_eq!(
        one("<<: {items: [4]}\nitems: [1, 2]\n"),
        json!({"items": [1, 2]})
    );
}

#[test]
fn yaml_and_json_agree() {
    let text = r#"{"apiVersion":"v1","items":[{"a":[1,-2.5,true,null,"é\n","x"],"b":{}},[]],"kind":"List"}"#;
    let mut from_json = Collect::default();
    crate::load::json::parse(text, &mut from_json).unwrap();
    assert_eq!(collect(text).unwrap().documents, from_json.documents);
}

#[test]
fn hostile_texts_end_soon() {
    let bomb: String = (0..30).fold("l0: &l0 [x]\n".to_string(), |text, i| {
        let many = format!("*l{i},").repeat(9);
        format!("{text}l{}: &l{} [{many}]\n", i + 1, i + 1)
    });
    let long = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(50_000),
        "*a,".repeat(15_000)
    );
    let anchors = "[&a ".repeat(9_000) + &"]".repeat(9_000);
    let deep = "[".repeat(9_000) + &"1,".repeat(40_000);
    let merges = "{<<: ".repeat(9_000) + &"}".repeat(9_000);
    let chain: String = (0..20_000)
        .map(|i| format!("- &a{i} [1]\n- *a{i}\n"))
        .collect();
    let cases = [
        ("excessive aliasing", bomb),
        ("excessive aliasing of long text", long),
        ("exceeded max depth", "[".repeat(100_000)),
        ("exceeded max depth", "- ".repeat(1_000_000)),
        ("as a mapping key", "? ".repeat(100_000)),
        ("exceeded max depth", "{a: ".repeat(25_000)),
        ("", anchors),
        ("", deep),
        ("", merges),
        ("", chain),
        ("", "!!a ".repeat(25_000)),
        ("", "!,".repeat(50_000)),
        ("", "[a !b, ".repeat(15_000)),
        ("", "&a ".repeat(30_000)),
        ("", "a\n".repeat(50_000)),
        ("", "%TAG !a! b\n".repeat(10_000)),
        ("", "--- !x\n".repeat(15_000)),
        ("", "'".repeat(100_001)),
        ("", "a: |\n".repeat(4_000)),
        ("", (0..10_000).map(|i| format!("k{i}: 1\n")).collect()),
    ];
    for (expected, text) in cases {
        // Unoptimized, the parser takes seconds for the deepest ones.
        if cfg!(debug_assertions)
            && text.len() > 2000
            && text.matches(['[', '{']).take(9000).count() == 9000
        {
            continue;
        }
        let start = Instant::now();
        let outcome = collect(&text).map(|_| ());
        let spent = start.elapsed();
        let name = &text[..20];
        assert!(spent < Duration::from_secs(5), "{name:?} took {spent:?}");
        if !expected.is_empty() {
            let error = outcome.unwrap_err().to_string();
            assert!(error.contains(expected), "{name:?}: {error}");
        }
    }
}

/// Deterministic mutations: pieces of the seeds joined at random, bytes replaced.
pub(crate) fn mutations(seeds: &[&str], rounds: usize, mut each: impl FnMut(&str)) {
    const PIECES: [&str; 30] = [
        "[", "]", "{", "}", ",", ":", ": ", "- ", "? ", "\n", "\n  ", "!", "!!str ", "!t,", "&a ",
        "*a", "<<: ", "|", ">-\n", "'", "\"", "\\", "\\u00", "#", "%TAG ", "---\n", "...", "\t",
        "é", "\u{2028}",
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    for _ in 0..rounds {
        let mut text: Vec<char> = seeds[random(seeds.len())].chars().collect();
        for _ in 0..=random(6) {
            let at = random(text.len() + 1);
            match random(4) {
                0 => text.truncate(at),
                1 => {
                    let to = (at + random(8)).min(text.len());
                    text.drain(at..to);
                }
                _ => {
                    let piece = PIECES[random(PIECES.len())].chars();
                    text.splice(at..at, piece);
                }
            }
        }
        each(&text.into_iter().collect::<String>());
    }
}

#[test]
fn no_text_panics() {
    let seeds = [
        "apiVersion: v1\nitems:\n- &a {x: [&b 1]}\n- *a\n- <<: *a\n  y: |\n    z\nkind: List\n",
        "a: [!!str x, 'b', \"c\\n\"]\n? b\n: - c\n  - >-\n    d\n",
        "---\n{\"a\": [1, 2.5, {<<: [*x, {b: c}]}]}\n...\n",
    ];
    mutations(&seeds, 4000, |text| drop(collect(text)));
}
