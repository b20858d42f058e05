//! `--webhook-answers`, through the binary: what is recorded is answered, what is not is unknown and says what
//! would be asked, what is malformed has a place; no token is ever shown.

#[allow(dead_code, reason = "other tests use the rest of it")]
mod command;

use command::Folder;

const KUBECONFIG: &str = "\
clusters: [{name: h, cluster: {server: 'https://hook.example.com/authenticate'}}]
users: [{name: u, user: {}}]
contexts: [{name: c, context: {cluster: h, user: u}}]
current-context: c
";
const REVIEW: &str = r#"{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"good","audiences":["api"]},"status":{"authenticated":true,"user":{"username":"jane"}}}"#;

fn folder() -> Folder {
    let folder = Folder::with("hook.kubeconfig", KUBECONFIG);
    folder.write(
        "flags",
        "--service-account-issuer=api\n--authentication-token-webhook-config-file=hook.kubeconfig\n--authentication-token-webhook-version=v1\n",
    );
    folder.write("objects.yaml", "");
    folder.write("reviews.jsonl", format!("{REVIEW}\n"));
    folder.write(
        "tokens.jsonl",
        "{\"token\":\"good\",\"status\":200,\"body\":{\"status\":{\"authenticated\":true,\"user\":{\"username\":\"jane\"}}}}\n{\"token\":\"late\",\"status\":503,\"body\":\"\"}\n",
    );
    folder
}

fn whoami(folder: &Folder, more: &str) -> command::Answer {
    // Whose tokens are a service account's is no question here: no key is given.
    folder.run(&format!("whoami -f objects.yaml --apiserver flags {more}"))
}

#[test]
fn recorded_reviews_are_answered_and_others_unknown() {
    let folder = folder();
    let answer = whoami(&folder, "--webhook-answers reviews.jsonl --token good");
    assert!(
        answer.status == 0 && answer.stdout.contains("jane"),
        "{answer:?}"
    );
    for more in [
        "--webhook-answers reviews.jsonl --token sesame",
        "--token sesame",
    ] {
        let answer = whoami(&folder, more);
        assert_eq!(answer.status, 3, "{answer:?}");
        let asked = "the token webhook at https://hook.example.com/authenticate would be asked with a TokenReview of authentication.k8s.io/v1, for the audiences [\"api\"]";
        assert!(answer.stderr.contains(asked), "{answer:?}");
        assert!(!format!("{answer:?}").contains("sesame"), "{answer:?}");
    }
}

#[test]
fn a_list_of_answers_by_token_is_complete() {
    let folder = folder();
    let file = "--webhook-answers default=tokens.jsonl";
    assert_eq!(whoami(&folder, &format!("{file} --token good")).status, 0);
    let refused = whoami(&folder, &format!("{file} --token sesame"));
    assert_eq!(refused.status, 1, "{refused:?}");
    let late = whoami(&folder, &format!("{file} --token late"));
    assert_eq!(late.status, 1, "{late:?}");
    let said = "the server is currently unable to handle the request";
    assert!(late.stderr.contains(said), "{late:?}");
}

#[test]
fn malformed_answers_have_a_place() {
    let folder = folder();
    folder.write(
        "bad.jsonl",
        format!("{REVIEW}\n{{\"token\":\"sesame\",\"status\":7}}\n"),
    );
    let answer = whoami(&folder, "--webhook-answers gate=bad.jsonl --token good");
    assert_eq!((answer.status, &answer.stdout[..]), (2, ""), "{answer:?}");
    assert!(
        answer.stderr.contains("bad.jsonl:2:1: status: expected"),
        "{answer:?}"
    );
    assert!(!answer.stderr.contains("sesame"), "{answer:?}");
    let answer = whoami(&folder, "--webhook-answers none.jsonl --token good");
    assert_eq!(answer.status, 2, "{answer:?}");
}
