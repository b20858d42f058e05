#![no_main]
//! Whatever method, target and headers a request has, its head is read without a panic, its path resolves or
//! does not, and impersonation is read, refused or judged. The first line is method and target, each further one
//! a header.

use libfuzzer_sys::fuzz_target;
use rbac_check::authz::Chain;
use rbac_check::impersonation::{Rules, headers};
use rbac_check::load::{Loader, Options};
use rbac_check::model::{Attributes, UserInfo};
use rbac_check::request::headers::Headers;
use rbac_check::request::{HttpRequest, RequestInfo};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.split('\n');
    let (method, target) = lines.next().unwrap_or_default().split_once(' ').unwrap_or(("GET", "/"));
    let headers = Headers::from_iter(lines.filter_map(|line| line.split_once(':')));
    let request = HttpRequest {
        method,
        target,
        headers: &headers,
        body: b"",
    };
    let Ok(target) = request.head() else {
        return;
    };
    let _ = target.to_string();
    let Ok(info) = RequestInfo::new(method, &target) else {
        return;
    };
    if !info.is_resource {
        assert_eq!(info.path, target.path);
    }
    let _ = (info.field_requirements(), info.label_requirements());
    let cluster = Loader::new(Options::default()).finish();
    let chain = Chain::new(&cluster);
    let asker = UserInfo::default();
    for constrained in [true, false] {
        if let Ok(Some(wanted)) = headers::impersonation(&headers, constrained) {
            assert!(!wanted.user.is_empty());
            let rules = Rules {
                chain: &chain,
                constrained,
                last: None,
            };
            let asked = Attributes::of(&asker, info.request());
            let mut log = Vec::new();
            let _ = wanted.judge(&asker, &asked, rules, Some(&mut log));
            assert!(!log.is_empty());
        }
    }
});
