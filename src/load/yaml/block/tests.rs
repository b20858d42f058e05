//! That this reader and libyaml's never differ, and that it is used.

use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::load::tree::{Kind, ParseError, Sink, Tree};
use crate::load::yaml::tests::mutations;
use crate::load::yaml::{Counts, parse_by_events, read};
use crate::load::{Format, Loader, Options};

/// A node with all that it holds.
type Seen = (Kind, bool, u32, String, u32, u32);

#[derive(Clone, Debug, PartialEq)]
enum Given {
    Item(Vec<Seen>, bool),
    Document(Vec<Seen>, bool, Option<usize>),
    Empty(u32),
    Discarded,
}

/// Notes all that it is given.
#[derive(Default)]
struct Record {
    given: Vec<Given>,
    settled: usize,
}

impl Record {
    fn nodes(tree: &Tree) -> Vec<Seen> {
        let seen = |node: &crate::load::tree::Node| {
            let text = &tree.text[node.text.0 as usize..node.text.1 as usize];
            let text = text.to_owned();
            (
                node.kind,
                node.repeated,
                node.end,
                text,
                node.line,
                node.column,
            )
        };
        tree.nodes.iter().map(seen).collect()
    }
}

impl Sink for Record {
    type Error = ParseError;

    fn item(&mut self, item: &Tree) -> Result<(), ParseError> {
        let item = Given::Item(Record::nodes(item), item.has_duplicates);
        self.given.push(item);
        Ok(())
    }

    fn discard_items(&mut self) {
        self.given.push(Given::Discarded);
    }

    fn rewind(&mut self) {
        self.given.truncate(self.settled);
    }

    fn document(&mut self, document: &Tree, items: Option<usize>) -> Result<(), ParseError> {
        let nodes = Record::nodes(document);
        self.given
            .push(Given::Document(nodes, document.has_duplicates, items));
        self.settled = self.given.len();
        Ok(())
    }

    fn empty(&mut self, line: u32) -> Result<(), ParseError> {
        self.given.push(Given::Empty(line));
        self.settled = self.given.len();
        Ok(())
    }
}

/// Reads a text both ways and asserts that they agree. How many documents there were, if it is good.
fn compare(text: &str) -> Option<Counts> {
    let (mut ours, mut theirs) = (Record::default(), Record::default());
    let counts = read(text, &mut ours, true);
    let documents = parse_by_events(text, &mut theirs);
    assert_eq!(counts.clone().map(|c| c.documents), documents, "{text:?}");
    assert_eq!(ours.given, theirs.given, "{text:?}");
    counts.ok()
}

/// Asserts that the text is good, that both agree, and that nothing was left to libyaml.
fn sure(text: &str) {
    match compare(text) {
        Some(counts) => assert_eq!(counts.left, 0, "{text:?}"),
        None => panic!("{text:?} is refused"),
    }
}

/// Asserts that both agree and that something was left to libyaml.
fn unsure(text: &str) {
    assert!(compare(text).is_none_or(|c| c.left > 0), "{text:?}");
}

#[test]
fn reads_what_is_common() {
    for text in [
        "",
        "# only a comment\n",
        "a: 1",
        "a: 1\n",
        "a:\n",
        "a:",
        "---\na: 1\n---\n---\n# c\n---\nb: 2\n--- # d\n~: ~\n".trim_end_matches("~: ~\n"),
        "---",
        "---\n  ",
        "- a\n-\n- - b\n  - c\n-  x: 1\n   y: 2\n-\n  z: 3\n",
        "a:\n- b\n- c: d\n  e:\n  - f\ng:\n  - h\n",
        "a:\n-\nb: 1\n",
        "a:\n  b:\n    c:\nd:\n\n# x\n  # y\n\ne: f\n",
        "yes: on\n0644: 0x1F\n1.5: 1e3\n'1': \"2\"\n\"a b\" : 'it''s'\nx : y  \n",
        "a: b:c\nd: e#f # g\nh: i - j\nk: -x\nl: --y\nm: 12:30\nn: a,b [c] {d} & * ! % @ `\n",
        "a: \"\"\nb: ''\nc: '*'\nd: \"a\\n\\\"\\u00e9\\x41\\t \\\\\"\n",
        "a: {}\nb: []\nc: [ ]\nd: { } # e\nf:\n- {}\n- []\n",
        "verbs: [\"get\", 'list', watch, 1, a/b, -x, ]\nm: {a: b, \"c\": d, \"e\":f, g: [h, {i: j}]}\n",
        "items: [1, [2], {a: 3}]\nkind: List\n",
        "items:\n- a: 1\n- \n- b\n- - c\nkind: List\nitems: []\n",
        "items:\n- a: 1\nitems: 5\n",
        "items:\n  x: 1\n",
        "a: |\n  b\n\n   c\n\n\nd: >-\n  e\n  f\n\n  g\n    h\n  i\nj: |+\n  k\n\n# l\nm: |2-\n    n\no: |-\np: q\n",
        "- |\n b\n- >\n  c\n # d\n- e\n",
        "a: |\n\n  b\n",
        "a: b\n  c\n\n  d # e\nf:\n  g\n  h\ni:\n- j\n k\n- l\n",
        "a: \"b\n  c\n\n  d \\\n  e\\\n  \\  f\"\ng: 'h\n\n\n  i'\n",
        "a: \u{e9}\u{20ac}\u{1f600}\n\u{e9}: {\u{e9}: 1}\n"
            .trim_end_matches("\u{e9}: {\u{e9}: 1}\n"),
        "\u{e9}\u{20ac}: \u{1f600} # \u{1f600}\n\"\u{e9}\": '\u{e9}'\n",
        "\u{feff}a: 1\r\nb:\r\n- c\r\n\r\n- d # e\r\nf: g\r\n  h\r\n",
        "# c\n---\na: 1\n",
        "a: 1\n...\n",
        "a: 1\n...",
        "---\n... # c\n\n...\n# c\n---\na:\n...\n---\n...\n",
        "a: 1\na: 2\nb: {c: 1, c: 2}\n",
        "a:\n    b: 1\n    c:\n            d: 2\n",
        "  a: 1\n  b: 2\n",
        "'<<': 1\n",
        "a: 'b\tc'\n",
    ] {
        sure(text);
    }
}

#[test]
fn leaves_what_is_not() {
    for text in [
        "text",
        "'text'",
        "[1]",
        "{a: 1}",
        "a: &b 1",
        "a: *b",
        "a: !!str 1",
        "<<: {a: 1}",
        "? a\n: b\n",
        "a: b: c",
        "a: 'b' c",
        "a: 'b': c",
        "a:\tb",
        "a: b\tc",
        "\ta: b",
        "a: b\n\t\nc: d",
        "a:\n  b: 1\n c: 2\n",
        "a: b\n# c\n  d\n",
        "a:\n  - b\n- c\n",
        "a: @b",
        "a: - b",
        "%YAML 1.1\n---\na: 1",
        "a: 1\n...\nb: 2",
        "a: 1\n... b\n",
        "...\na: 1\n",
        "a: 1\n...\n%YAML 1.1\n---\nb: 2\n",
        "--- a: 1",
        "--- |\n a\n",
        "a: [b\n]",
        "a: [b: c]",
        "a: [b?]",
        "a: [http://b]\n- c",
        "a: [,]",
        "a: [b c:]",
        "a: {b, c}",
        "a: {b: }",
        "a: .inf",
        "~: 1",
        "a: \"\\/\"",
        "a: \"\\q\"",
        "a: \"\\ud800\"",
        "a: 'b",
        "a: 'b\n---\n'",
        "a: |\n  b",
        "a: |\n  b\n ",
        "a: |\n \tb\n",
        "a: |0\n  b\n",
        "a: |#\n  b\n",
        "a: b\u{85}c: d",
        "a: b # \u{2028}c: d",
        "a: 'b\u{2029}c'",
        "a: |\n  b\u{2028}  c\n",
        "a: b\u{feff}\n\u{feff}c: d\n",
        "a: b\rc: d\r",
        "a: b # c\rd: e",
        "a: \u{1}",
        "a\nb: c",
        "a:\n  b\n  : c\n",
    ] {
        unsure(text);
    }
    for length in [990, 1000, 1010, 1020, 1023, 1024, 1025, 1030, 2000] {
        let key = "k".repeat(length);
        compare(&format!("{key}: 1\n\"{key}\": 2\n- {key}: 1\n"));
        compare(&format!("{key}: 1\n"));
        compare(&format!(
            "a:\n- {key}: 1\n- \"{key}\" : 1\nb: {{{key}: 1}}\n"
        ));
    }
    for depth in [10, 400, 600] {
        compare(&"- ".repeat(depth));
        let deep: String = (0..depth)
            .map(|i| format!("{}a:\n", " ".repeat(i)))
            .collect();
        compare(&deep);
    }
}

#[test]
fn changes_hands_between_documents() {
    let odd = "---\na: &x 1\nb: *x\n";
    let good = "---\nc: 2\nitems:\n- 3\n";
    let counts = |text: String| {
        let counts = compare(&text).expect("a good text");
        (counts.documents, counts.left)
    };
    assert_eq!(counts(format!("{odd}{good}{odd}{good}")), (4, 2));
    assert_eq!(counts(format!("{good}{odd}...\n{good}")), (3, 2));
    assert_eq!(counts(format!("{odd}...\n{odd}{good}")), (3, 2));
    assert_eq!(counts(format!("{good}%TAG ! x\n{good}")), (2, 2));
    // Not so often that beginning anew would cost more than the text.
    let (documents, left) = counts(format!("{odd}{good}").repeat(1000));
    assert_eq!(documents, 2000);
    assert!((1500..2000).contains(&left), "{left}");
    // A marker is one only at the start of a line.
    compare("[]---\nb\n");
    // What libyaml is not given it cannot refuse sooner.
    unsure(&format!("{good}{good}{odd}\u{7}"));
    compare(&format!("{good}{odd}\u{1}"));
    compare(&format!("{good}---\na: [\n"));
    compare(&format!("{good}---\na: b: c\n"));
    compare(&format!("{good}---\na: \"\\/\"\n{good}"));
    compare(&format!("{good}---\na: |\n  b"));
}

#[test]
fn items_of_a_document_that_is_read_again_count_once() {
    let item = "- apiVersion: v1\n  kind: Namespace\n  kind: Namespace\n  metadata: {name: a}\n";
    let role = "- apiVersion: rbac.authorization.k8s.io/v1\n  kind: ClusterRole\n  metadata: {name: r}\n  odd: 1\n";
    let refusals = |end: &str| {
        let mut loader = Loader::new(Options::default());
        let before = "apiVersion: v1\nkind: Namespace\nkind: Namespace\nmetadata: {name: b}\n---\n";
        let text = format!("{before}apiVersion: v1\nkind: List\nitems:\n{item}{role}{end}");
        loader.add_text("x", &text, Format::Guess).unwrap();
        let cluster = loader.finish();
        let refusals = cluster.refusals().iter().map(|r| r.message.clone());
        (
            refusals.collect::<Vec<_>>(),
            cluster.loaded_kinds().values().sum::<usize>(),
        )
    };
    assert_eq!(
        refusals("- &x {apiVersion: v1, kind: Odd}\n"),
        refusals("- {apiVersion: v1, kind: Odd}\n")
    );
    assert_eq!(refusals("").0.len(), 3);
}

const LEADS: &[&str] = &[
    "", "", "", "", "- ", "- ", "- - ", "-", "-  ", "? ", ": ", "\t", "-\t", "!t ", "&a ",
];
const KEYS: &[&str] = &[
    "",
    "a: ",
    "a: ",
    "b:",
    "items:",
    "items: ",
    "kind: ",
    "'q': ",
    "\"q\" : ",
    "yes: ",
    "1: ",
    "~: ",
    "<<: ",
    "a:b: ",
    "\u{e9}: ",
    "k :",
    "a:\t",
    "*a : ",
    "\"\\n\": ",
    "a b: ",
    "-a: ",
    "?a: ",
];
const VALUES: &[&str] = &[
    "",
    "",
    "b",
    "c d",
    "a:b",
    "a: b",
    "x:",
    "x#y",
    "x #y",
    "#y",
    "''",
    "'x'",
    "'it''s'",
    "'x",
    "x'",
    "\"\"",
    "\"x\"",
    "\"\\n\\u00e9\"",
    "\"\\",
    "\"\\/\"",
    "\"x",
    "y\"",
    "[]",
    "{}",
    "[a, 'b', \"c\"]",
    "[a,b]",
    "[a: b]",
    "[a b, c ]",
    "[a",
    "]",
    "{a: b}",
    "{\"a\":b}",
    "{a: [b], c: {d: e}}",
    "{a",
    "}",
    "{a: }",
    "{a}",
    "[a,, b]",
    "[http://x]",
    "[a?b]",
    "[-]",
    "[- a]",
    "[-1]",
    "[#a]",
    "[a #b]",
    "[a#b]",
    "[*a]",
    "[a:]",
    "[::a]",
    "|",
    ">",
    "|-",
    ">-",
    "|+",
    ">+",
    "|2",
    "|1-",
    ">+1",
    "|0",
    "| # c",
    "|#",
    "| x",
    "&a",
    "&a x",
    "*a",
    "!t",
    "!!str 1",
    "!,",
    "%x",
    "%TAG ! x",
    "@x",
    "`x",
    "?",
    "? x",
    "-",
    "-x",
    "--- x",
    "---",
    "...",
    "... x",
    "---x",
    "- x",
    ": x",
    ":x",
    ",",
    "1",
    "0x1F",
    "1_0",
    ".inf",
    "~",
    "null",
    "on",
    "y",
    "2001-01-01",
    "\u{e9}\u{20ac}",
    "\u{1f600} x",
    "x\u{85}y",
    "x\u{2028}y",
    "\u{2029}",
    "\u{feff}",
    "\u{feff}x",
    "\u{a0}",
    "x\ty",
    "\t",
    "\u{1}",
    "\u{7f}",
    "*",
    "/*",
    "a*",
    "a/b",
    "a.b",
    "'*'",
    "<<",
    "<<: x",
];
const ENDS: &[&str] = &[
    "\n",
    "\n",
    "\n",
    "\n",
    "\n",
    "\n",
    "\n\n",
    " \n",
    " # c\n",
    "#c\n",
    "\t\n",
    "\r\n",
    "\r",
    "\n\n\n",
    "\n  \n",
    "\n\t\n",
    "\n# c\n",
    "\n  # c\n",
    "",
    "\u{85}",
    "\u{2028}",
    "\n---\n",
    "\n--- # c\n",
    "\n...\n",
    "\n---\n---\n",
    "\n%YAML 1.1\n---\n",
    " \\\n",
    "\\\n",
];

fn line() -> impl Strategy<Value = String> {
    (
        0usize..6,
        select(LEADS),
        select(KEYS),
        select(VALUES),
        select(ENDS),
    )
        .prop_map(|(indent, lead, key, value, end)| {
            format!("{}{lead}{key}{value}{end}", " ".repeat(indent))
        })
}

/// Mostly good: a tree written in a style that changes from node to node.
fn block() -> impl Strategy<Value = Vec<String>> {
    const GOOD_KEYS: &[&str] = &[
        "a: ", "b:", "items:", "'c':", "\"d\" :", "1:", "on:", "\u{e9}:",
    ];
    const GOOD: &[&str] = &[
        "b",
        "c d",
        "-1",
        "a:b#c",
        "'x'",
        "\"y\\n\"",
        "''",
        "[]",
        "{}",
        "[a, \"b\"]",
        "{a: 1}",
        "",
        "~",
        "on",
        "x # y",
        "'x'  # y",
        "|\n          t\n\n           u\n",
        ">-\n         t\n         u\n",
        "x\n          y\n\n          z",
        "\"x\n\n  y\\\n  z\"",
        "'x\n   y'",
        "\u{e9} \u{20ac}",
        "x  ",
        "\n# c",
    ];
    let leaf = select(GOOD).prop_map(|text| vec![text.to_owned()]);
    leaf.prop_recursive(5, 40, 4, |inner| {
        let entry = (select(GOOD_KEYS), inner.clone());
        let mapping = (vec(entry, 1..4), 1usize..4).prop_map(|(entries, more)| {
            let mut lines = vec![String::new()];
            for (key, value) in entries {
                let flush = value.len() > 1 && value[1].starts_with('-') && more % 2 == 0;
                lines.push(format!("{key} {}", value[0]));
                let more = if flush { 0 } else { more };
                lines.extend(
                    value[1..]
                        .iter()
                        .map(|l| format!("{}{l}", " ".repeat(more))),
                );
            }
            lines
        });
        let sequence =
            (vec(inner, 1..4), 1usize..3, any::<bool>()).prop_map(|(values, more, compact)| {
                let mut lines = vec![String::new()];
                for value in values {
                    let dash = format!("-{}", " ".repeat(more));
                    let rest = if compact && value.len() > 1 && value[0].is_empty() {
                        lines.push(format!("{dash}{}", value[1]));
                        &value[2..]
                    } else {
                        lines.push(format!("{dash}{}", value[0]));
                        &value[1..]
                    };
                    lines.extend(rest.iter().map(|l| format!("{}{l}", " ".repeat(1 + more))));
                }
                lines
            });
        prop_oneof![mapping, sequence]
    })
}

fn stream() -> impl Strategy<Value = String> {
    vec(
        (
            block(),
            select(&[
                "---\n",
                "---\n",
                "--- # x\n",
                "...\n---\n",
                "# c\n",
                "\n---\n",
            ]),
        ),
        1..4,
    )
    .prop_map(|documents| {
        let documents = documents.into_iter().map(|(lines, marker)| {
            let skip = usize::from(lines[0].is_empty());
            format!("{marker}{}\n", lines[skip..].join("\n"))
        });
        documents.collect()
    })
}

/// Good text with one odd thing in it.
fn spoiled() -> impl Strategy<Value = String> {
    let at = any::<prop::sample::Index>();
    (stream(), at, 0usize..3, select(VALUES), select(ENDS)).prop_map(
        |(text, at, cut, value, end)| {
            let mut chars: Vec<char> = text.chars().collect();
            let at = at.index(chars.len());
            let to = (at + cut).min(chars.len());
            let odd = if cut == 1 { end } else { value };
            chars.splice(at..to, odd.chars());
            chars.into_iter().collect()
        },
    )
}

/// As many as time allows, or what is asked for.
fn cases() -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(2000)
}

proptest! {
    // A seed would be no use without the code that made it; what fails becomes a test.
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_on_odd_lines(lines in vec(line(), 1..8)) {
        compare(&lines.concat());
    }

    #[test]
    fn agrees_on_trees(text in stream()) {
        compare(&text);
    }

    #[test]
    fn agrees_on_spoiled_trees(text in spoiled()) {
        compare(&text);
    }
}

/// The YAML texts below a folder.
fn texts(folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            texts(&path, found);
        } else if path.extension().is_some_and(|e| e == "yaml" || e == "yml") {
            found.extend(std::fs::read_to_string(path));
        }
    }
}

#[test]
fn agrees_on_mutations_of_recorded_files() {
    let mut found = Vec::new();
    texts(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata")),
        &mut found,
    );
    // Long ones cost much and teach nothing more.
    let found: Vec<&str> = found
        .iter()
        .map(|t| &t[..t.floor_char_boundary(3000)])
        .collect();
    assert!(found.len() > 20);
    mutations(&found, 1000, |text| {
        compare(text);
    });
}

/// How many documents a folder has, and how many of them are left to libyaml.
fn hits(folder: &str) -> (usize, usize) {
    let mut found = Vec::new();
    texts(Path::new(folder), &mut found);
    let counts = found.iter().filter_map(|text| compare(text));
    counts.fold((0, 0), |sum, counts| {
        (sum.0 + counts.documents, sum.1 + counts.left)
    })
}

#[test]
fn most_documents_are_not_left() {
    let testdata = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata");
    let realworld = std::env::var("RBAC_CHECK_REALWORLD").unwrap_or_default();
    for (folder, at_least) in [(testdata, 500), (&realworld, 0)] {
        let (documents, left) = hits(folder);
        println!("{left} of {documents} documents in {folder} are left to libyaml");
        assert!(documents >= at_least, "{documents}");
        assert!(left * 100 <= documents, "{left} of {documents}");
    }
}

/// The forms in which `kubectl get -o yaml` prints what is long.
#[test]
fn what_kubectl_prints_is_not_left() {
    sure(
        r#"apiVersion: v1
items:
- apiVersion: rbac.authorization.k8s.io/v1
  kind: ClusterRole
  metadata:
    annotations:
      kubectl.kubernetes.io/last-applied-configuration: |
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","rules":[{"verbs":["*"]}]}
      long: a description that is so long that the printer breaks it at eighty columns
        and goes on
      quoted: "a description: so long that the printer breaks it at eighty\ncolumns
        \   and goes on"
      single: '{"a": "b"} is quoted so because it begins with a brace, and it is long
        enough'
    creationTimestamp: "2026-01-31T12:00:00Z"
    labels: {}
    name: system:controller:x
    resourceVersion: "12345"
  aggregationRule: null
  rules:
  - apiGroups:
    - ""
    - '*'
    nonResourceURLs:
    - /healthz/*
    verbs: []
kind: List
metadata:
  resourceVersion: ""
"#,
    );
}
