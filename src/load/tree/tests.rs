use super::*;

fn tree() -> Tree {
    // {"a": [true, "x"], "b": {}, "a": 1.5}
    let mut tree = Tree::default();
    let root = tree.open(Kind::Mapping, 1, 1);
    let text = |tree: &mut Tree, kind, text: &str| {
        let start = tree.text.len() as u32;
        tree.text.push_str(text);
        tree.push(kind, start, 1, 1)
    };
    text(&mut tree, Kind::String, "a");
    let list = tree.open(Kind::Sequence, 2, 3);
    tree.open(Kind::Bool(true), 2, 4);
    text(&mut tree, Kind::String, "x");
    tree.close(list);
    text(&mut tree, Kind::String, "b");
    let empty = tree.open(Kind::Mapping, 3, 3);
    tree.close(empty);
    text(&mut tree, Kind::String, "a");
    text(&mut tree, Kind::Number, "1.5");
    tree.close(root);
    tree
}

#[test]
fn walks_and_looks_up() {
    let tree = tree();
    let root = tree.root().unwrap();
    let names: Vec<_> = root.entries().map(|e| e.name).collect();
    assert_eq!(names, ["a", "b", "a"]);
    assert_eq!(root.get("a").and_then(Value::as_number), Some("1.5"));
    assert!(root.get("c").is_none());
    let list = root.entries().next().unwrap().value;
    assert_eq!((list.line(), list.column()), (2, 3));
    assert_eq!(list.items().next().unwrap().as_bool(), Some(true));
    assert_eq!(list.items().last().unwrap().as_str(), Some("x"));
    assert_eq!(list.entries().count() + root.items().count(), 0);
    assert_eq!(tree.path(list.items().last().unwrap()), "a[1]");
    assert_eq!(
        root.to_json().unwrap(),
        serde_json::json!({"a": 1.5, "b": {}})
    );
    let repeated: Vec<_> = tree.duplicates().map(|e| tree.path(e.key)).collect();
    assert_eq!(repeated, ["a"]);
}

#[test]
fn copies_keep_their_shape() {
    let source = tree();
    let mut other = Tree::default();
    other.open(Kind::Null, 1, 1);
    let at = other.copy(&source, 0, source.len());
    let again = other.repeat(at, other.len());
    for index in [at, again] {
        let value = other.value(index as usize);
        assert_eq!(value.to_json(), source.root().unwrap().to_json());
    }
    assert_eq!(other.duplicates().count(), 2);
}

#[test]
fn bad_utf8_has_a_place() {
    let error = utf8(b"a\n\xc3\xa9\xff").unwrap_err();
    assert_eq!((error.line, error.column), (2, 2));
    assert!(utf8(b"\xff\xfea\0").unwrap_err().message.contains("UTF-16"));
}
