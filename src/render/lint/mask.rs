//! Lines of sources without the secrets in them.

/// What stands in the place of a secret.
const HIDDEN: &str = "[hidden]";

/// How long a run of letters without a word's end is before it may be a key, a token or base64.
const LONG: usize = 24;

/// A line without what may be a credential: long runs of base64, bootstrap tokens, and the scalar values of
/// keys that promise a secret. Rather too much is hidden than too little: where the line's beginning is cut off, it
/// may have promised one. Tells, too, how many characters now stand before a byte of the line.
pub(super) fn mask(line: &str, at: usize, is_cut: bool) -> (String, usize) {
    let mut out = String::with_capacity(line.len());
    let mut before = None;
    let mut rest = line;
    let mut secret_follows = is_cut;
    while !rest.is_empty() {
        let (place, length) = (line.len() - rest.len(), out.len());
        let end = rest.find(|c: char| !in_run(c)).unwrap_or(rest.len());
        if end == 0 {
            let c = rest.chars().next().unwrap_or(' ');
            out.push(c);
            // A new key, or the beginning of a list or a mapping, ends what a key promised.
            if matches!(c, '{' | '[' | ',' | '}' | ']') {
                secret_follows = false;
            }
            rest = &rest[c.len_utf8()..];
        } else {
            let (run, after) = rest.split_at(end);
            rest = after;
            secret_follows = add_run(run, after, secret_follows, &mut out);
        }
        if before.is_none() && at < line.len() - rest.len() {
            let is_as_it_was = out[length..] == line[place..line.len() - rest.len()];
            before = Some(if is_as_it_was {
                length + at - place
            } else {
                length
            });
        }
    }
    let before = out[..before.unwrap_or(out.len())].chars().count();
    (out, before)
}

/// Adds a word, or what hides it; tells whether what follows is secret.
fn add_run(run: &str, after: &str, secret_follows: bool, out: &mut String) -> bool {
    // `--token=…` is one run.
    let (key, value) = match run.split_once('=') {
        Some((key, value)) if promises(key) && !value.is_empty() => (Some(key), value),
        _ => (None, run),
    };
    if let Some(key) = key {
        out.push_str(key);
        out.push('=');
    }
    let harmless = matches!(value, "true" | "false" | "null" | "-" | "|" | "|-" | ">-");
    if (key.is_some() || secret_follows) && !harmless && !is_a_key(after) {
        out.push_str(HIDDEN);
        // A text of several words is hidden to its end.
        return secret_follows;
    }
    if is_secret(value) && !is_a_key(after) {
        out.push_str(HIDDEN);
    } else {
        out.push_str(value);
    }
    let promised = promises(value) && (is_a_key(after) || value.starts_with("--"));
    promised || (secret_follows && harmless)
}

fn in_run(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '/' | '=' | '|' | '>')
}

/// Whether what was read is the key of what follows.
fn is_a_key(after: &str) -> bool {
    let after = after.trim_start_matches(['"', '\'']);
    after.trim_start().starts_with(':')
}

/// Whether a key says that its value is a secret.
fn promises(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    [
        "token",
        "token-secret",
        "secret",
        "password",
        "passwd",
        "key-data",
        "private-key",
        "apikey",
        "api-key",
    ]
    .iter()
    .any(|word| key.ends_with(word))
}

fn is_secret(run: &str) -> bool {
    crate::authn::bootstrap::split(run).is_some()
        || run.contains("eyJ")
        || run.split(['.', '-', '/']).any(|part| {
            let digits = part.bytes().any(|b| b.is_ascii_digit());
            let upper = part.bytes().any(|b| b.is_ascii_uppercase());
            // Names of fields have capitals, too, and are not as long.
            part.len() >= LONG && (digits || (upper && part.len() >= 40) || part.ends_with('='))
        })
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn hides_secrets_and_little_else() {
        for (line, expected) in [
            ("    token: s3cret", "    token: [hidden]"),
            ("  \"token\": \"s3cret\",", "  \"token\": \"[hidden]\","),
            ("password: 'two words'", "password: '[hidden] [hidden]'"),
            ("- --token=abc", "- --token=[hidden]"),
            ("- --token", "- --token"),
            (
                "- kubeadm join --token abc",
                "- kubeadm join --token [hidden]",
            ),
            (
                "data: {command: kubeadm abcdef.0123456789abcdef}",
                "data: {command: kubeadm [hidden]}",
            ),
            ("k: eyJhbGciOiJub25lIn0.e30.", "k: [hidden]"),
            (
                "tls.key: LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0=",
                "tls.key: [hidden]",
            ),
            (
                "stringData: {token-id: abcdef, token-secret: 0123456789abcdef, x: y}",
                "stringData: {token-id: abcdef, token-secret: [hidden], x: y}",
            ),
            (
                "automountServiceAccountToken: true",
                "automountServiceAccountToken: true",
            ),
            (
                "- apiGroups: [rbac.authorization.k8s.io]",
                "- apiGroups: [rbac.authorization.k8s.io]",
            ),
            (
                "  resources: [secrets, serviceaccounts/token]",
                "  resources: [secrets, serviceaccounts/token]",
            ),
            (
                "  name: system:controller:clusterrole-aggregation-controller",
                "  name: system:controller:clusterrole-aggregation-controller",
            ),
            (
                "- {kind: ServiceAccount, namespace: ci, name: token}",
                "- {kind: ServiceAccount, namespace: ci, name: token}",
            ),
            (
                "serviceAccountToken: {path: t, audience: vault}",
                "serviceAccountToken: {path: t, audience: vault}",
            ),
        ] {
            assert_eq!(mask(line, 0, false).0, expected);
        }
    }

    #[test]
    fn a_place_stays_where_it_was() {
        let line = "{token: s3cret, ä: name-of}";
        let hidden = "{token: [hidden], ä: name-of}";
        let places = [
            ("{", 0),
            ("oken", 2),
            ("3cret", 8),
            ("ä", 18),
            ("name", 21),
            ("of", 26),
        ];
        for (word, expected) in places {
            let at = line.find(word).expect("there");
            assert_eq!(
                mask(line, at, false),
                (hidden.to_owned(), expected),
                "{word}"
            );
        }
        assert_eq!(mask(line, line.len(), false).1, hidden.chars().count());
    }
}
