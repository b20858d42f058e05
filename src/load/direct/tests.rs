use super::{Forms, Scratch, object};
use crate::load::json::Cursor;
use crate::load::objects::Context;
use crate::model::{FileId, Interner};

/// Whether an object is of the clean form.
fn is_read(text: &str) -> bool {
    let mut interner = Interner::default();
    let mut cx = Context {
        interner: &mut interner,
        file: FileId(1),
        namespace: "default",
        buffer: String::new(),
        unknown_fields: Vec::new(),
    };
    let mut cursor = Cursor::start(text);
    object(
        &mut cursor,
        &mut cx,
        &mut Scratch::default(),
        &mut Forms::default(),
    )
    .is_some()
        && cursor.at_end()
}

/// That both ways agree is proved elsewhere; here, that this one is taken at all.
#[test]
fn what_kubectl_prints_is_read() {
    let head = r#""apiVersion":"rbac.authorization.k8s.io/v1","kind":"#;
    let meta = r#""metadata":{"annotations":{"a.b/c":"{\"d\":\"e\\n\"}"},"creationTimestamp":"2026-01-31T12:00:00Z","labels":{"app.kubernetes.io/name":"x"},"name":"n","namespace":"ns","resourceVersion":"1","uid":"u"}"#;
    let cluster_meta = meta.replace(r#","namespace":"ns""#, "");
    let rule = r#"{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}"#;
    let role_ref =
        r#""roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"r"}"#;
    let subject = r#"{"kind":"ServiceAccount","name":"s","namespace":"t"}"#;
    let read = [
        format!(r#"{{{head}"Role",{meta},"rules":[{rule},{rule}]}}"#),
        format!(r#"{{{head}"ClusterRole",{cluster_meta},"rules":[]}}"#),
        format!(r#"{{{head}"RoleBinding",{meta},{role_ref},"subjects":[{subject}]}}"#),
        format!(r#"{{{head}"ClusterRoleBinding",{cluster_meta},{role_ref}}}"#),
        format!(r#"{{"apiVersion":"v1","kind":"Namespace",{meta}}}"#),
    ];
    for text in read {
        assert!(is_read(&text), "{text}");
    }
    let left_to_the_tree = [
        format!(r#"{{{head}"Role",{meta},"rules":null}}"#),
        format!(r#"{{{head}"Role",{meta},"rules":[],"rules":[]}}"#),
        format!(r#"{{{head}"RoleBinding",{meta},"subjects":[]}}"#),
        format!(r#"{{{meta},{head}"Role"}}"#),
        // What is odd about a namespace is noted by the other way.
        format!(r#"{{{head}"ClusterRole",{meta},"rules":[]}}"#),
        format!(r#"{{{head}"Role",{cluster_meta},"rules":[]}}"#),
        format!(r#"{{"apiVersion":"v1","kind":"Pod",{meta}}}"#),
    ];
    for text in left_to_the_tree {
        assert!(!is_read(&text), "{text}");
    }
}
