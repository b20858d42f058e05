//! What the loader makes of bad, odd and hostile input: a message with its place and status 2, a warning
//! where the API server refuses or ignores what is written, or an answer; never silence, never a panic.

mod command;

use command::{Answer, Folder};
use proptest::prelude::*;
use rbac_check::authz::Chain;
use rbac_check::load::{Format, Loader, Options};
use rbac_check::model::{Attributes, Request};
use std::fs;

const ASK: &str = "can-i get pods -n dev --as alice";

/// Grants [`ASK`]: the parts that tests change, and the whole.
const ROLE: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules: [{apiGroups: [\"\"], resources: [pods], verbs: [get]}]
";
const BINDING: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: alice-reads}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [{kind: User, name: alice}]
";
const ROLE_JSON: &str = r#"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"reader"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}"#;
const BINDING_JSON: &str = r#"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"alice-reads"},"roleRef":{"kind":"ClusterRole","name":"reader"},"subjects":[{"kind":"User","name":"alice"}]}"#;

fn grant() -> String {
    format!("{ROLE}---\n{BINDING}")
}

/// Asks with one file loaded.
fn ask(file: &str, content: impl AsRef<[u8]>) -> Answer {
    Folder::with(file, content).run(&format!("-f {file} {ASK}"))
}

fn lines(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// An object of RBAC's v1 with the lines that follow its apiVersion.
fn rbac(rest: &[&str]) -> String {
    format!("apiVersion: rbac.authorization.k8s.io/v1\n{}", lines(rest))
}

#[track_caller]
fn all_stop(cases: &[(&str, &[u8], &str)]) {
    for (file, content, message) in cases {
        ask(file, content).stopped(message);
    }
}

#[test]
fn broken_syntax_stops_at_its_place() {
    all_stop(&[
        (
            "a.yaml",
            b"kind: Role\nmetadata: {name: a\nrules: []\n",
            "a.yaml:3:6: did not find expected ',' or '}' while parsing a flow mapping that starts at line 2",
        ),
        (
            "a.yaml",
            b"a: b\n- c\n",
            "a.yaml:2:1: did not find expected key while parsing a block mapping that starts at line 1",
        ),
        (
            "a.yaml",
            b"a: \"open\n",
            "a.yaml:2:1: found unexpected end of stream while scanning a quoted scalar that starts at line 1",
        ),
        (
            "a.yaml",
            b"\tkind: Role\n",
            "a.yaml:1:1: found a tab where an indentation must be; use spaces",
        ),
        (
            "a.yaml",
            b"metadata:\r\n\tname: a\r\n",
            "a.yaml:2:1: found a tab where an indentation must be; use spaces",
        ),
        (
            "a.yaml",
            b"a: *none\n",
            "a.yaml:1:4: unknown anchor 'none' referenced",
        ),
        (
            "a.json",
            b"{",
            "a.json:1:2: found the end of the text, expected a key in double quotes",
        ),
        (
            "a.json",
            b"{\"kind\":\n  \"Role\",}",
            "a.json:2:10: found `}`, expected a key in double quotes",
        ),
        (
            "a.jsonl",
            b"{}\n{]\n",
            "a.jsonl:1:1: apiVersion and kind not set: expected a Kubernetes object",
        ),
        (
            "a.json",
            b"kind: Role",
            "a.json:1:1: found `k`, expected a value",
        ),
        (
            "a.yaml",
            b"{\"kind\": \"Role\" \"metadata\": {}}",
            "a.yaml:1:17: found `\"`, expected `,` or `}` after an entry",
        ),
    ]);
}

#[test]
fn the_second_object_of_a_broken_text_counts_its_own_lines() {
    let text = format!(
        "{}---\r\nkind: Role\r\nmetadata: [\r\n",
        grant().replace('\n', "\r\n")
    );
    ask("a.yaml", text).stopped_over("error: a.yaml:14:1: ");
    let text = format!("{ROLE_JSON}\n{BINDING_JSON}\n{{\"kind\": nope}}\n");
    ask("a.jsonl", text).stopped_over("error: a.jsonl:3:10: found `n`, expected a value");
}

#[test]
fn templates_are_to_be_rendered_first() {
    let hint = "; a template is no manifest: load what helm template makes of it";
    for (text, place) in [
        ("metadata:\n  name: {{ .Values.name }}\n", "a.yaml:2:10: "),
        (
            "{{- if .Values.rbac }}\nkind: Role\n{{- end }}\n",
            "a.yaml:1:2: ",
        ),
        ("kind: Role\n{{- end }}\n", "a.yaml:3:1: "),
    ] {
        let answer = ask("a.yaml", text);
        answer.stopped_over(&format!("error: {place}"));
        answer.stopped_over(hint);
    }
    let other = ask("a.yaml", "name: '{{ x }}'\nb: c\n- a\n");
    assert!(!other.stderr.contains(hint), "{}", other.stderr);
}

#[test]
fn bytes_that_are_no_text_stop_at_the_first_one() {
    all_stop(&[
        (
            "a.yaml",
            b"kind: Role\nname: \"caf\xc3\xa9 caf\xe9\"\n",
            "a.yaml:2:16: byte 0xe9 is no UTF-8; manifests are UTF-8 text (is this a binary file?)",
        ),
        (
            "a.json",
            b"{\"kind\": \"\xff\"}",
            "a.json:1:11: byte 0xff is no UTF-8; manifests are UTF-8 text (is this a binary file?)",
        ),
        (
            "a.yaml",
            b"\x7fELF\x02\x01\x01\0\0\0\0\xf0\x9f",
            "a.yaml:1:12: byte 0xf0 is no UTF-8; manifests are UTF-8 text (is this a binary file?)",
        ),
        (
            "a.yaml",
            b"kind: a\0b\n",
            "a.yaml:1:8: found control character '\\0'; write it as an escape",
        ),
        (
            "a.yaml",
            b"\xff\xfek\0",
            "a.yaml: is UTF-16; convert it to UTF-8",
        ),
        (
            "a.yaml",
            b"\xfe\xff\0k",
            "a.yaml: is UTF-16; convert it to UTF-8",
        ),
        (
            "a.json",
            b"\xef\xbb\xbf{}",
            "a.json:1:1: found a byte order mark, which JSON does not allow, expected a value",
        ),
    ]);
}

#[test]
fn values_of_the_wrong_type_stop_at_the_value() {
    let cases = [
        (
            ROLE.replace("[get]", "get"),
            "4:53: rules[0].verbs: expected a list, found a string",
        ),
        (
            ROLE.replace("[get]", "[1]"),
            "4:54: rules[0].verbs[0]: expected a string, found a number (quote it to make it a string)",
        ),
        (
            ROLE.replace("[get]", "[on]"),
            "4:54: rules[0].verbs[0]: expected a string, found the boolean true (y, yes, on and true are booleans in YAML 1.1: quote a string)",
        ),
        (
            ROLE.replace("[get]", "[No]"),
            "4:54: rules[0].verbs[0]: expected a string, found the boolean false (n, no, off and false are booleans in YAML 1.1: quote a string)",
        ),
        (
            ROLE.replace("[get]", "[[get]]"),
            "4:54: rules[0].verbs[0]: expected a string, found a list",
        ),
        (
            ROLE.replace("name: reader", "name: 0x1F"),
            "3:18: metadata.name: expected a string, found a number (quote it to make it a string)",
        ),
        (
            ROLE.replace("{name: reader}", "reader"),
            "3:11: metadata: expected a mapping, found a string",
        ),
        (
            ROLE.replace("reader}", "reader, labels: {a: 1}}"),
            "3:38: metadata.labels.a: expected a string, found a number (quote it to make it a string)",
        ),
        (
            ROLE.replace("reader}", "reader, annotations: {a: true}}"),
            "3:43: metadata.annotations.a: expected a string, found the boolean true (y, yes, on and true are booleans in YAML 1.1: quote a string)",
        ),
        (
            ROLE.replace("rules: [", "rules: [all, "),
            "4:9: rules[0]: expected a mapping, found a string",
        ),
        (
            ROLE.replace("kind: ClusterRole", "kind: [ClusterRole]"),
            "2:7: kind: expected a string, found a list",
        ),
        (
            BINDING.replace("name: alice}", "name: 007}"),
            "5:31: subjects[0].name: expected a string, found a number (quote it to make it a string)",
        ),
        (
            BINDING.replace("[{kind: User, name: alice}]", "{kind: User, name: alice}"),
            "5:11: subjects: expected a list, found a mapping",
        ),
        (
            BINDING.replace("name: reader", "name: ~\n  , name: off"),
            "5:11: roleRef.name: expected a string, found the boolean false (n, no, off and false are booleans in YAML 1.1: quote a string)",
        ),
        (
            "just text\n".to_owned(),
            "1:1: expected a Kubernetes object (a mapping with apiVersion and kind)",
        ),
        (
            "- apiVersion: v1\n".to_owned(),
            "1:1: expected a Kubernetes object (a mapping with apiVersion and kind)",
        ),
        (
            lines(&["apiVersion: v1", "kind: List", "items: all"]),
            "3:8: items: expected a list, found a string",
        ),
        (
            lines(&["apiVersion: v1", "kind: List", "items:", "- {}", "- 5"]),
            "4:3: apiVersion and kind not set: expected a Kubernetes object",
        ),
        (
            lines(&["apiVersion: v1", "items: [5]", "kind: List"]),
            "2:9: items: expected a Kubernetes object (a mapping)",
        ),
        (
            rbac(&["kind: RoleList", "items: [reader]"]),
            "3:9: items: expected a Kubernetes object (a mapping)",
        ),
    ];
    for (text, message) in cases {
        ask("a.yaml", text).stopped(&format!("a.yaml:{message}"));
    }
}

#[test]
fn what_cannot_be_identified_stops() {
    let cases = [
        (
            lines(&["kind: Role", "metadata: {name: a}"]),
            "1:1: apiVersion not set: expected a Kubernetes object",
        ),
        (
            lines(&["", "apiVersion: v1", "metadata: {name: a}"]),
            "2:1: kind not set: expected a Kubernetes object",
        ),
        (
            rbac(&["kind: Role", "rules: []"]),
            "1:1: Role without metadata: metadata.name is required",
        ),
        (
            rbac(&["kind: Role", "metadata: {namespace: dev}"]),
            "3:11: Role without a name: metadata.name is required",
        ),
        (
            rbac(&["kind: Role", "metadata: {name: null}"]),
            "3:11: Role without a name: metadata.name is required",
        ),
        (
            rbac(&["kind: RoleBinding", "metadata: {name: a}"]),
            "1:1: RoleBinding without roleRef: expected the role that is granted",
        ),
        (
            rbac(&["kind: Roles", "metadata: {name: a}"]),
            "2:7: rbac.authorization.k8s.io/v1 has no kind \"Roles\"; expected Role, ClusterRole, RoleBinding or ClusterRoleBinding",
        ),
    ];
    for (text, message) in cases {
        ask("a.yaml", text).stopped(&format!("a.yaml:{message}"));
    }
}

/// The warnings about one file, without their common head, and the answer.
fn warned(text: &str) -> (Vec<String>, String) {
    let answer = ask("a.yaml", text);
    let warnings = answer.stderr.lines();
    let warnings = warnings.map(|line| line.strip_prefix("warning: ").unwrap_or(line).to_owned());
    (warnings.collect(), answer.stdout)
}

#[test]
fn what_the_server_refuses_is_not_in_the_cluster() {
    let role_is_refused = |name: &str, cause: &str| {
        format!(
            "a.yaml:1:1: ClusterRole \"{name}\" is not in the cluster: the server refuses it as invalid: {cause}"
        )
    };
    let cases = [
        (
            ROLE.replace(", verbs: [get]", ""),
            role_is_refused(
                "reader",
                "rules[0].verbs: Required value: verbs must contain at least one value",
            ),
        ),
        (
            ROLE.replace("apiGroups: [\"\"], ", ""),
            role_is_refused(
                "reader",
                "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
            ),
        ),
        (
            ROLE.replace("verbs: [get]", "verbs: [get], nonResourceURLs: [/x]"),
            role_is_refused(
                "reader",
                "rules[0].nonResourceURLs: Invalid value: [\"/x\"]: rules cannot apply to both regular resources and non-resource URLs",
            ),
        ),
    ];
    for (role, warning) in cases {
        let (warnings, answer) = warned(&format!("{role}---\n{BINDING}"));
        assert_eq!(warnings, [warning]);
        let expected = "no - RBAC: clusterrole.rbac.authorization.k8s.io \"reader\" not found\n";
        assert_eq!(answer, expected);
    }
    let (warnings, answer) = warned(&grant().replace(
        "k8s.io/v1\nkind: ClusterRoleB",
        "k8s.io/v1beta1\nkind: ClusterRoleB",
    ));
    assert_eq!(
        warnings,
        [
            "a.yaml:6:1: ClusterRoleBinding of rbac.authorization.k8s.io/v1beta1 is not in the cluster: the server serves v1 alone (no matches for kind \"ClusterRoleBinding\" in version \"rbac.authorization.k8s.io/v1beta1\")"
        ]
    );
    assert_eq!(answer, "no\n");
}

#[test]
fn a_binding_that_the_server_refuses_grants_nothing() {
    let alice = "{kind: User, name: alice}";
    let cases = [
        (
            BINDING.replace(
                alice,
                &format!("{alice}, {{kind: ServiceAccount, name: ci}}"),
            ),
            "subjects[1].namespace: Required value",
        ),
        (
            BINDING.replace(alice, &format!("{alice}, {{kind: Robot, name: ci}}")),
            "subjects[1].kind: Unsupported value: \"Robot\": supported values: \"ServiceAccount\", \"User\", \"Group\"",
        ),
        (
            BINDING.replace(alice, &format!("{alice}, {{kind: User}}")),
            "subjects[1].name: Required value",
        ),
        (
            BINDING.replace(alice, "{kind: User, apiGroup: v1, name: alice}"),
            "subjects[0].apiGroup: Unsupported value: \"v1\": supported values: \"rbac.authorization.k8s.io\"",
        ),
        (
            BINDING.replace("kind: ClusterRole,", "kind: Role,"),
            "roleRef.kind: Unsupported value: \"Role\": supported values: \"ClusterRole\"",
        ),
        (
            BINDING.replace(", name: reader", ""),
            "roleRef.name: Required value",
        ),
        (
            BINDING.replace("alice-reads", "a/b"),
            "metadata.name: Invalid value: \"a/b\": may not contain '/'",
        ),
    ];
    for (binding, cause) in cases {
        let (warnings, answer) = warned(&format!("{ROLE}---\n{binding}"));
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        let head = "a.yaml:6:1: ClusterRoleBinding ";
        assert!(warnings[0].starts_with(head), "{warnings:?}");
        let tail = format!("is not in the cluster: the server refuses it as invalid: {cause}");
        assert!(warnings[0].ends_with(&tail), "{warnings:?}");
        assert_eq!(answer, "no\n");
    }
}

#[test]
fn unknown_and_repeated_fields_are_warned_of() {
    let cases: [(&str, &str, &[&str]); 6] = [
        (
            "rules: [{",
            "Rules: []\nrules: [{",
            &["4:1: unknown field \"Rules\", which the server ignores (did you mean \"rules\"?)"],
        ),
        (
            "verbs: [get]",
            "verbs: [get], verb: [list]",
            &["4:60: unknown field \"rules[0].verb\", which the server ignores"],
        ),
        (
            "{name: reader}",
            "{name: reader, Namespace: dev}",
            &[
                "3:26: unknown field \"metadata.Namespace\", which the server ignores (did you mean \"namespace\"?)",
            ],
        ),
        (
            "{kind: User, name: alice}",
            "{kind: User, name: alice, user: bob}",
            &["10:38: unknown field \"subjects[0].user\", which the server ignores"],
        ),
        (
            "verbs: [get]",
            "verbs: [list], verbs: [get]",
            &["4:61: key \"verbs\" is given twice; the last one counts"],
        ),
        (
            "kind: ClusterRole, name: reader",
            "kind: ClusterRole, name: reader, Name: r",
            &[
                "9:81: unknown field \"roleRef.Name\", which the server ignores (did you mean \"name\"?)",
            ],
        ),
    ];
    for (from, to, expected) in cases {
        let (warnings, answer) = warned(&grant().replacen(from, to, 1));
        let expected: Vec<_> = expected.iter().map(|w| format!("a.yaml:{w}")).collect();
        assert_eq!((warnings, answer.as_str()), (expected, "yes\n"), "{to}");
    }
}

#[test]
fn unknown_fields_of_an_aggregation_rule_are_warned_of() {
    let role = rbac(&[
        "kind: ClusterRole",
        "metadata: {name: sum}",
        "aggregationRule:",
        "  clusterRoleSelectors:",
        "  - {matchLabels: {a: b}, matchlabels: {}}",
        "  - matchExpressions: [{key: a, operator: In, values: [b], value: c}]",
        "  selectors: []",
    ]);
    let (warnings, _) = warned(&role);
    let head = "aggregationRule.clusterRoleSelectors";
    assert_eq!(
        warnings,
        [
            "a.yaml:8:3: unknown field \"aggregationRule.selectors\", which the server ignores"
                .to_owned(),
            format!(
                "a.yaml:6:27: unknown field \"{head}[0].matchlabels\", which the server ignores (did you mean \"matchLabels\"?)"
            ),
            format!(
                "a.yaml:7:60: unknown field \"{head}[1].matchExpressions[0].value\", which the server ignores"
            ),
        ]
    );
}

#[test]
fn an_object_in_two_files_is_told_unless_it_is_the_same() {
    let folder = Folder::with("a.yaml", grant());
    folder.write("b.yaml", ROLE);
    folder.run(&format!("-f . {ASK}")).answered(0, "yes\n");
    folder.write("b.yaml", ROLE.replace("get", "list"));
    let answer = folder.run(&format!("-f a.yaml -f b.yaml {ASK}"));
    assert_eq!(
        answer.stderr,
        "warning: b.yaml:1:1: ClusterRole \"reader\" replaces the different one at a.yaml:1:1\n"
    );
    assert_eq!(answer.stdout, "no\n");
    // In the other order, the other one wins.
    let answer = folder.run(&format!("-f b.yaml -f a.yaml {ASK}"));
    assert_eq!(answer.stdout, "yes\n");
}

#[test]
fn a_role_ref_does_not_change() {
    let other = BINDING.replace("name: reader", "name: cluster-admin");
    let (warnings, answer) = warned(&format!("{}---\n{other}", grant()));
    assert_eq!(
        warnings,
        [
            "a.yaml:12:1: ClusterRoleBinding \"alice-reads\" is defined before, at a.yaml:6:1, with another roleRef, which cannot be changed: the server refuses this one, so it grants nothing"
        ]
    );
    assert_eq!(answer, "yes\n");
    let folder = Folder::with("a.yaml", format!("{}---\n{other}", grant()));
    let answer = folder.run("-f a.yaml can-i delete nodes --as alice");
    assert_eq!((answer.status, answer.stdout.as_str()), (1, "no\n"));
}

#[test]
fn kinds_that_the_answer_does_not_need_are_counted() {
    let text = lines(&[
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}",
        "---",
        "{apiVersion: apps/v9, kind: Deployment, metadata: {name: b}}",
        "---",
        "{apiVersion: example.org/v1, kind: AllowList, items: [a, b]}",
    ]);
    let folder = Folder::with("a.yaml", text);
    let answer = folder.run(&format!("-f a.yaml -v {ASK}"));
    assert_eq!(
        answer.stderr,
        "loaded 1 AllowList, 2 Deployment from 1 file, with the built-in objects of Kubernetes 1.36\n"
    );
    assert_eq!(answer.status, 1);
}

#[test]
fn empty_files_hold_nothing() {
    for text in [
        "",
        "\n\n",
        "# nothing\n",
        "---\n",
        "---\n---\n...\n",
        "null\n",
        "\u{feff}",
    ] {
        let folder = Folder::with("a.yaml", text);
        let answer = folder.run(&format!("-f a.yaml -v {ASK}"));
        assert_eq!(
            answer.stderr,
            "loaded no objects from 1 file, with the built-in objects of Kubernetes 1.36\n",
            "{text:?}"
        );
        assert_eq!(answer.stdout, "no\n");
    }
    ask("a.json", " \n").answered(1, "no\n");
}

#[test]
fn every_form_of_manifest_is_taken() {
    let indent = |text: &str| text.replace('\n', "\n  ").trim_end().to_owned();
    let items = format!("- {}\n- {}\n", indent(ROLE), indent(BINDING));
    let bare = |json: &str, kind: &str| {
        json.replace(&format!("\"kind\":\"{kind}\",\"meta"), "\"meta")
            .replace("\"apiVersion\":\"rbac.authorization.k8s.io/v1\",", "")
    };
    let (bare_role, bare_binding) = (
        bare(ROLE_JSON, "ClusterRole"),
        bare(BINDING_JSON, "ClusterRoleBinding"),
    );
    let typed = |kind: &str, item: &str| {
        format!(
            r#"{{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"{kind}List","metadata":{{"resourceVersion":"7"}},"items":[{item}]}}"#
        )
    };
    let list = format!(
        r#"{{"apiVersion":"v1","items":[{ROLE_JSON},{BINDING_JSON}],"kind":"List","metadata":{{"resourceVersion":""}}}}"#
    );
    let cases = [
        ("documents.yaml", grant()),
        ("documents.yml", grant()),
        ("directive.yaml", format!("%YAML 1.1\n---\n{}...\n---\n{}", ROLE, BINDING)),
        ("bom.yaml", format!("\u{feff}{}", grant())),
        ("crlf.yaml", grant().replace('\n', "\r\n")),
        ("cr.yaml", grant().replace('\n', "\r")),
        ("no-last-newline.yaml", grant().trim_end().to_owned()),
        ("tabs.yaml", grant().replace(": ", ":\t").replace("\n---", "\t\n---")),
        ("empty-documents.yaml", format!("---\n---\n# none\n---\n{}---\n", grant())),
        ("helm.yaml", format!("---\n# Source: c/templates/role.yaml\n{ROLE}---\n# Source: c/templates/b.yaml\n{BINDING}")),
        ("list.yaml", format!("apiVersion: v1\nitems:\n{items}kind: List\nmetadata:\n  resourceVersion: \"\"\n")),
        ("list-kind-first.yaml", format!("apiVersion: v1\nkind: List\nitems:\n{items}")),
        ("list.json", list.clone()),
        ("list-pretty.json", serde_json::from_str::<serde_json::Value>(&list).map(|v| format!("{v:#}\n")).expect("JSON")),
        ("nested.json", format!(r#"{{"kind":"List","apiVersion":"v1","items":[{{"apiVersion":"v1","items":[{list}],"kind":"List"}}]}}"#)),
        ("typed.json", typed("ClusterRole", &bare_role) + &typed("ClusterRoleBinding", &bare_binding)),
        ("typed-nested.json", format!(r#"{{"kind":"List","apiVersion":"v1","items":[{},{}]}}"#, typed("ClusterRole", &bare_role), typed("ClusterRoleBinding", &bare_binding))),
        ("typed-empty.json", format!(r#"{}{}{{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleList","items":null}}"#, typed("ClusterRole", &bare_role), typed("ClusterRoleBinding", &bare_binding))),
        ("lines.jsonl", format!("{ROLE_JSON}\n\n{BINDING_JSON}\n")),
        ("lines.json", format!("{ROLE_JSON}{BINDING_JSON}")),
        ("json.yaml", format!("{ROLE_JSON}\n---\n{BINDING_JSON}\n")),
        ("flow.yaml", format!("{{kind: List, apiVersion: v1, items: [{ROLE_JSON}, {BINDING_JSON},]}}")),
        ("anchors.yaml", grant().replace("apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader", "kind: &k ClusterRole, name: reader").replace("name: alice}", "name: &a alice}, {kind: User, name: *a}")),
        ("merge.yaml", grant().replace("[{apiGroups: [\"\"], resources: [pods], verbs: [get]}]", "[&x {apiGroups: [\"\"], resources: [nodes], verbs: [get]}, {<<: *x, resources: [pods]}]")),
        ("generated.yaml", grant().replace("name: alice-reads", "generateName: alice-")),
        ("namespaced.yaml", grant().replace("{name: reader}", "{name: reader, namespace: elsewhere}")),
        ("null.yaml", grant().replace("name: reader}\nrules", "name: reader, labels: null, annotations: ~}\naggregationRule: null\nrules")),
    ];
    for (file, text) in cases {
        let answer = ask(file, text);
        assert_eq!(
            (answer.status, answer.stdout.as_str()),
            (0, "yes\n"),
            "{file}: {}",
            answer.stderr
        );
        // A key beside the merge key that brings it, too, is reported as the server does.
        if file != "merge.yaml" {
            assert_eq!(answer.stderr, "", "{file}");
        }
    }
}

#[test]
fn a_dump_of_a_server_has_no_unknown_fields() {
    let metadata = "{name: reader, uid: 1f, resourceVersion: \"7\", generation: 1, creationTimestamp: 2026-01-01T00:00:00Z, labels: {a: b}, annotations: {a: b}, ownerReferences: [], finalizers: [], managedFields: [{manager: m, fieldsV1: {\"f:rules\": {}}}], selfLink: \"\"}";
    ask("a.yaml", grant().replace("{name: reader}", metadata)).answered(0, "yes\n");
}

#[test]
fn letters_in_a_rule_are_strings_as_they_are_meant() {
    let role = ROLE.replace("verbs: [get]", "verbs: [get], resourceNames: [y, n]");
    let folder = Folder::with("a.yaml", format!("{role}---\n{BINDING}"));
    for (name, status, answer) in [("y", 0, "yes\n"), ("n", 0, "yes\n"), ("true", 1, "no\n")] {
        let words = format!("-f a.yaml can-i get pods/{name} -n dev --as alice");
        folder.run(&words).answered(status, answer);
    }
}

#[test]
fn standard_input_is_taken_once() {
    let folder = Folder::new();
    folder
        .run_with(&format!("-f - {ASK}"), grant())
        .answered(0, "yes\n");
    folder
        .run_with(&format!("-f - {ASK}"), "a: [")
        .stopped_over("error: <stdin>:2:1: ");
    let again = "<stdin>: can be read only once; name a file in one of the places";
    folder
        .run_with(&format!("-f - -f - {ASK}"), grant())
        .stopped(again);
    folder.run_with("-f - review -", grant()).stopped(again);
    folder
        .run_with("-f - who-can --batch -", grant())
        .stopped(again);
}

#[test]
fn folders_are_searched_for_manifests_alone() {
    let folder = Folder::new();
    folder.write("d/roles/role.yml", ROLE);
    folder.write("d/bindings.jsonl", BINDING_JSON);
    folder.write("d/README.md", "{ no manifest");
    folder.write("d/.hidden/values.txt", "{ no manifest");
    folder.run(&format!("-f d {ASK}")).answered(0, "yes\n");
    folder.write("d/roles/broken.yaml", "{");
    folder
        .run(&format!("-f d {ASK}"))
        .stopped_over("error: d/roles/broken.yaml:");
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_read_only_where_it_is_named() {
    let folder = Folder::with("d/role.yaml", ROLE);
    let _socket =
        std::os::unix::net::UnixListener::bind(folder.path("d/a.yaml")).expect("a socket");
    folder.run(&format!("-f d {ASK}")).stopped(
        "d/a.yaml: is no regular file, and reading it might never end; \
         name it by itself to read it, or move it out of the folder",
    );
    folder
        .run(&format!("-f d/a.yaml {ASK}"))
        .stopped("d/a.yaml: No such device or address (os error 6)");
}

#[cfg(unix)]
#[test]
fn folders_that_link_to_themselves_are_read_once() {
    use std::os::unix::fs::symlink;
    let folder = Folder::with("d/role.yaml", ROLE);
    folder.write("d/sub/binding.yaml", BINDING);
    symlink("..", folder.path("d/sub/up")).expect("a link");
    symlink("self", folder.path("d/self")).expect("a link");
    let answer = folder.run(&format!("-f d -v {ASK}"));
    assert_eq!((answer.status, &*answer.stdout), (0, "yes\n"));
    assert!(answer.stderr.contains("from 2 files"), "{}", answer.stderr);
    folder
        .run(&format!("-f d/self {ASK}"))
        .stopped_over("error: d/self: ");
    symlink("none", folder.path("d/none.yaml")).expect("a link");
    folder
        .run(&format!("-f d {ASK}"))
        .stopped_over("error: d/none.yaml: ");
}

#[test]
fn names_cannot_drive_the_terminal() {
    let hostile = "d/\u{1b}[2J\nb.yaml";
    let folder = Folder::with("d/role.yaml", ROLE);
    let asked = |file: &str| folder.args(["-f", file, "can-i", "get", "pods", "--as", "alice"]);
    let quoted = r#""d/\x1b[2J\nb.yaml"#;
    let missing = asked(&hostile.replace('[', ""));
    assert!(
        missing
            .stderr
            .starts_with(r#"error: "d/\x1b2J\nb.yaml": No such"#)
    );

    folder.write(hostile, rbac(&["kind: Role", "metadata: {name: 1}"]));
    let malformed = asked("d");
    assert!(
        malformed
            .stderr
            .starts_with(&format!("error: {quoted}:3:18\": "))
    );

    folder.write(
        hostile,
        rbac(&["kind: Role", "metadata: {name: a}", "rules: [{}]"]),
    );
    let warned = asked("d");
    assert!(
        warned
            .stderr
            .starts_with(&format!("warning: {quoted}:1:1\": "))
    );

    // A message may hold what the input holds.
    folder.write(
        hostile,
        rbac(&["kind: Role", "metadata: {name: a}", "\"x\\e[2J\": 1"]),
    );
    for answer in [missing, malformed, warned, asked("d")] {
        let drives = |c: char| c.is_control() && c != '\n';
        assert!(!answer.stderr.contains(drives), "{:?}", answer.stderr);
        assert_ne!(answer.stderr, "");
    }
}

#[test]
fn patterns_name_files() {
    let folder = Folder::new();
    folder.write("d/one/role.yaml", ROLE);
    folder.write("d/two/binding.yaml", BINDING);
    folder.write("d/two/[odd].yaml", "");
    for pattern in ["d/*/*.yaml", "d/**/*.yaml", "d/*", "d/[ot]*"] {
        folder
            .run(&format!("-f {pattern} {ASK}"))
            .answered(0, "yes\n");
    }
    // A file of that very name comes before the pattern.
    folder
        .run(&format!("-f d/two/[odd].yaml {ASK}"))
        .answered(1, "no\n");
    folder
        .run(&format!("-f d/*.json {ASK}"))
        .stopped("d/*.json: matches no file");
    folder
        .run(&format!("-f d/[.yaml {ASK}"))
        .stopped_over("error: d/[.yaml: is no pattern: ");
}

#[test]
fn files_that_are_not_there_stop() {
    let folder = Folder::new();
    folder
        .run(&format!("-f none.yaml {ASK}"))
        .stopped("none.yaml: No such file or directory (os error 2)");
    folder
        .args(["-f", "", "can-i", "get", "pods"])
        .stopped_over("No such file");
}

#[test]
fn kustomize_files_need_no_kind() {
    for file in ["kustomization.yaml", "kustomization.yml", "Kustomization"] {
        let folder = Folder::with(&format!("d/{file}"), "resources: [role.yaml]\n");
        let answer = folder.run(&format!("-f d/{file} -v {ASK}"));
        let loaded =
            "loaded 1 Kustomization from 1 file, with the built-in objects of Kubernetes 1.36\n";
        assert_eq!((answer.status, answer.stderr.as_str()), (1, loaded));
    }
    ask("Kustomization", "resources: [\n").stopped_over("error: Kustomization:2:1: ");
    // The name alone makes no list an object.
    ask("kustomization.yaml", "[]\n")
        .stopped_over("error: kustomization.yaml:1:1: expected a Kubernetes object");
}

#[test]
fn a_folder_that_nobody_named_may_hold_other_things() {
    let folder = Folder::with("rbac.yaml", grant());
    folder.write(
        "chart/Chart.yaml",
        "apiVersion: v2\nname: c\nversion: 1.0.0\n",
    );
    folder.write("values.yaml", "\nreplicas: 1\n");
    folder.write("kustomization.yaml", "resources: [rbac.yaml]\n");
    folder.write("package.json", "[]");
    let answer = folder.run(&format!("-v {ASK}"));
    assert_eq!(
        answer.stderr,
        lines(&[
            "left out: ./chart/Chart.yaml: 1 document without apiVersion and kind",
            "left out: ./package.json: 1 document without apiVersion and kind",
            "left out: ./values.yaml: 1 document without apiVersion and kind",
            "loaded 1 ClusterRole, 1 ClusterRoleBinding, 1 Kustomization from 5 files, with the built-in objects of Kubernetes 1.36",
        ])
    );
    assert_eq!(answer.stdout, "yes\n");
    let answer = folder.run(ASK);
    assert_eq!(
        answer.stderr,
        "left out: 3 files of the current folder with documents that are no Kubernetes objects (-v names them, -f names manifests)\n"
    );
    assert_eq!(answer.stdout, "yes\n");
    // Named, it must hold manifests; and what is one but lacks its kind stops in any case.
    folder
        .run(&format!("-f . {ASK}"))
        .stopped_over("Chart.yaml:1:1: kind not set");
    folder.write("rbac.yaml", ROLE.replace("kind: ClusterRole\n", ""));
    folder
        .run(ASK)
        .stopped("./rbac.yaml:1:1: kind not set: expected a Kubernetes object\nhint: without -f the current folder is loaded; name the manifests with -f");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn links_are_followed_and_their_loops_end() {
        let folder = Folder::with("store/role.yaml", ROLE);
        folder.write("d/binding.yaml", BINDING);
        symlink("../store/role.yaml", folder.path("d/role.yaml")).expect("a link");
        symlink(".", folder.path("d/self")).expect("a link");
        symlink("..", folder.path("d/up")).expect("a link");
        folder.run(&format!("-f d {ASK}")).answered(0, "yes\n");
        symlink("a.yaml", folder.path("d/a.yaml")).expect("a link");
        folder
            .run(&format!("-f d {ASK}"))
            .stopped_over("error: d/a.yaml: Too many levels of symbolic links");
        fs::remove_file(folder.path("d/a.yaml")).expect("a link");
        symlink("nowhere", folder.path("d/gone.yaml")).expect("a link");
        folder
            .run(&format!("-f d {ASK}"))
            .stopped_over("error: d/gone.yaml: No such file or directory");
    }

    #[test]
    fn what_may_not_be_read_stops() {
        let folder = Folder::with("d/sub/role.yaml", ROLE);
        for name in ["d/sub/role.yaml", "d/sub"] {
            let path = folder.path(name);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("permissions");
            let readable = fs::read_dir(&path).is_ok() || fs::read(&path).is_ok();
            let answer = folder.run(&format!("-f d {ASK}"));
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("permissions");
            if readable {
                println!("not tested: this user may read {name} without permission");
            } else {
                answer.stopped(&format!("{name}: Permission denied (os error 13)"));
            }
        }
    }
}

#[test]
fn huge_files_stop_before_they_are_read() {
    let folder = Folder::new();
    for name in ["huge.yaml", "huge.json"] {
        let file = fs::File::create(folder.path(name)).expect("a file");
        // Sparse: it takes no space on the disk.
        file.set_len(2 << 30).expect("a size");
        folder.run(&format!("-f {name} {ASK}")).stopped(&format!(
            "{name}: is larger than 1024 MiB, the most that is read from one file; split it"
        ));
    }
}

#[test]
fn aliases_cannot_be_a_bomb() {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for pair in names.windows(2) {
        let alias = format!("*{}, ", pair[0]).repeat(9);
        bomb += &format!("{0}: &{0} [{alias}]\n", pair[1]);
    }
    ask("a.yaml", bomb).stopped_over("document contains excessive aliasing");
    ask("a.yaml", "a: &a [*a]\n").stopped("a.yaml:1:8: anchor 'a' value contains itself");
    let mut merges = "a0: &a0 {x: 1}\n".to_owned();
    for i in 0..60 {
        merges += &format!("a{0}: &a{0} {{<<: [*a{i}, *a{i}]}}\n", i + 1);
    }
    ask("a.yaml", merges).stopped_over("excessive");
    let text = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(1 << 20),
        "*a,".repeat(1 << 12)
    );
    ask("a.yaml", text).stopped_over("document contains excessive aliasing of long text");
}

#[test]
fn nesting_ends_at_the_servers_depth() {
    let nested = |open: &str, close: &str, levels: usize| {
        format!(
            "{{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"x\":{}0{}}}",
            open.repeat(levels),
            close.repeat(levels)
        )
    };
    ask("a.json", nested("[", "]", 9_999)).answered(1, "no\n");
    ask("a.json", nested("[", "]", 10_000)).stopped_over("exceeded max depth of 10000");
    ask("a.json", nested("{\"a\":", "}", 10_000)).stopped_over("exceeded max depth of 10000");
    ask("a.json", "[".repeat(1 << 20)).stopped("a.json:1:10001: exceeded max depth of 10000");
    ask("a.yaml", "- ".repeat(10_001)).stopped("a.yaml:1:20001: exceeded max depth of 10000");
    // Each alias adds the depth of what it stands for.
    let deep = format!("a: &a {}{}\n", "[".repeat(1_000), "]".repeat(1_000));
    let text = format!("{deep}b: {}*a\n", "- ".repeat(9_001));
    ask("a.yaml", text.replace("b: -", "b:\n -")).stopped_over("exceeded max depth of 10000");
}

#[test]
fn brackets_without_end_cost_no_time_without_end() {
    let levels = if cfg!(debug_assertions) {
        3_000
    } else {
        10_001
    };
    let open = "[".repeat(levels);
    ask("a.yaml", &open).stopped_over("error: a.yaml:1:");
    ask("a.yaml", "{a: ".repeat(levels / 3)).stopped_over("error: a.yaml:1:");
    // Lists in lists are objects to be decoded, not only values to be skipped.
    let list = "{apiVersion: v1, kind: List, items: [";
    let levels = levels / 10;
    let text = format!("{}{}", list.repeat(levels), "]}".repeat(levels));
    ask("a.yaml", text).answered(1, "no\n");
}

/// Manifests to be mutated.
const SEEDS: [&str; 5] = [
    ROLE,
    BINDING,
    ROLE_JSON,
    "apiVersion: v1\nitems:\n- &r {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r}, rules: [&x {verbs: [get], apiGroups: [''], resources: [pods]}, {<<: *x, verbs: [\"*\"]}]}\n- {<<: *r, metadata: {name: s}}\nkind: List\n",
    "{\"kind\":\"ClusterRoleList\",\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"items\":[{\"metadata\":{\"name\":\"sum\"},\"aggregationRule\":{\"clusterRoleSelectors\":[{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Exists\"}]}]}}]}",
];

/// What is put into them.
const PIECES: [&str; 26] = [
    "\n",
    "\t",
    " ",
    "- ",
    ": ",
    "? ",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    "|\n",
    "&a ",
    "*a",
    "<<: ",
    "---\n",
    "...\n",
    "!!str ",
    "%TAG ! a\n",
    "\u{feff}",
    "\0",
    "é\u{2028}",
    "null",
    "1e999",
    "\\ud800",
];

#[derive(Clone, Debug)]
enum Mutation {
    Insert(usize),
    Remove(usize),
    Repeat(usize),
    Soup(String),
}

fn mutation() -> impl Strategy<Value = (prop::sample::Index, Mutation)> {
    let change = prop_oneof![
        (0..PIECES.len()).prop_map(Mutation::Insert),
        (1usize..40).prop_map(Mutation::Remove),
        (1usize..80).prop_map(Mutation::Repeat),
        any::<String>().prop_map(Mutation::Soup),
    ];
    (any::<prop::sample::Index>(), change)
}

fn mutate(text: &mut String, at: usize, mutation: &Mutation) {
    let at = text.floor_char_boundary(at);
    let end = |length: usize| text.floor_char_boundary((at + length).min(text.len()));
    match mutation {
        Mutation::Insert(piece) => text.insert_str(at, PIECES[*piece]),
        Mutation::Remove(length) => drop(text.drain(at..end(*length))),
        Mutation::Repeat(length) => {
            let again = text[at..end(*length)].to_owned();
            text.insert_str(at, &again);
        }
        Mutation::Soup(soup) => text.insert_str(at, soup),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// Whatever the text, loading it and asking ends without a panic, and an error names a place in it.
    #[test]
    fn no_text_makes_the_loader_panic(
        seeds in prop::collection::vec(0..SEEDS.len(), 1..3),
        mutations in prop::collection::vec(mutation(), 0..6),
        json: bool,
    ) {
        let mut text: String = seeds.iter().map(|&seed| SEEDS[seed]).collect();
        for (at, mutation) in &mutations {
            let at = at.index(text.len() + 1);
            mutate(&mut text, at, mutation);
        }
        let mut loader = Loader::new(Options { defaults: false, ..Options::default() });
        let format = if json { Format::Json } else { Format::Guess };
        if let Err(error) = loader.add_text("soup", &text, format) {
            let place = error.to_string();
            let line = place.strip_prefix("soup:").and_then(|rest| rest.split(':').next()?.parse().ok());
            // libyaml has five line breaks, and stands behind the last one at the end.
            let breaks = text.matches(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).count();
            prop_assert!(line.is_some_and(|line: usize| line >= 1 && line <= breaks + 2), "{}", place);
        }
        let cluster = loader.finish();
        let groups: [&str; 0] = [];
        Chain::new(&cluster).decide(&Attributes {
            user: "alice",
            groups: &groups,
            request: Request::NonResource { verb: "get", path: "/" },
            ..Attributes::default()
        });
    }
}
