#![no_main]
//! Whatever the text, reading it as recorded webhook traffic, and what a webhook answered as a review, ends
//! without a panic. The first byte chooses.

use libfuzzer_sys::fuzz_target;
use rbac_check::load::tree::utf8;
use rbac_check::webhook::review::{AccessStatus, Review, TokenStatus};
use rbac_check::webhook::{Client, Exchange, HttpAnswer, Recordings};

fuzz_target!(|data: &[u8]| {
    let Some((choice, data)) = data.split_first() else {
        return;
    };
    let Ok(text) = utf8(data) else {
        return;
    };
    if choice % 4 == 0 {
        let mut recordings = Recordings::default();
        let _ = recordings.add(None, "f", text);
        if let Some(recording) = recordings.tokens() {
            let _ = recording.token("t", &[]);
        }
        return;
    }
    let version = if choice % 2 == 0 { "v1" } else { "v1beta1" };
    let (Some(tokens), Some(access)) = (Review::token(version), Review::subject_access(version))
    else {
        return;
    };
    let client = Client {
        url: "https://h/".to_owned(),
        timeout: 30_000_000_000,
        patience: 60_000_000_000,
        shared: choice % 3 == 0,
    };
    let exchange = Exchange::Answer(HttpAnswer {
        status: if choice % 5 == 0 { 500 } else { 200 },
        content_type: "text/plain".to_owned(),
        retry_after: None,
        location: None,
        delay: 0,
        body: text.to_owned(),
    });
    if let Ok(document) = client.receive(&exchange, &tokens) {
        let _ = TokenStatus::of(&document);
    }
    if let Ok(document) = client.receive(&exchange, &access) {
        let _ = AccessStatus::of(&document);
    }
});
