#![no_main]
//! Whatever the text, reading it as an access review, validating it and asking for its selectors ends
//! without a panic; a refusal is always a Status of the client's fault.

use libfuzzer_sys::fuzz_target;
use rbac_check::answer::access_review::{AccessReview, DecodeError, ReviewKind};
use rbac_check::load::tree::utf8;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = utf8(data) else {
        return;
    };
    let review = match AccessReview::from_json(text) {
        Ok(review) => review,
        Err(DecodeError::Type(status)) => return assert_eq!(status.code, 400),
        Err(DecodeError::Syntax(_)) => return,
    };
    let kind = review.review_kind();
    for kind in kind.into_iter().chain([
        ReviewKind::Subject,
        ReviewKind::LocalSubject,
        ReviewKind::SelfSubject,
    ]) {
        if let Err(status) = review.validate(kind) {
            assert!((400..500).contains(&status.code));
        }
    }
    let _ = review.spec.attributes(&review.spec.selectors());
    let _ = review.spec.evaluation_error();
});
