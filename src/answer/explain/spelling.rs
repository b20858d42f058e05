//! What a misspelt word may have meant.

use strsim::osa_distance;

/// The most suggestions that are worth reading.
const MOST: usize = 3;

/// How unlike two words are, where one may well be a misspelling of the other: 0 for another case, else
/// the number of edits. `None` for equal words and for words that merely resemble each other.
///
/// Names that differ in digits alone (`team-1`, `team-2`) are neighbours, not misspellings.
pub(crate) fn misspelling(a: &str, b: &str) -> Option<usize> {
    if a == b || a.is_empty() || b.is_empty() {
        return None;
    }
    // The distance is at least the difference in length; counting bytes errs on the generous side for
    // other scripts by at most a few comparisons.
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    if long - short > 8 {
        return None;
    }
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    if a == b {
        return Some(0);
    }
    let most = match short {
        0..3 => return None,
        3..6 => 1,
        _ => 2,
    };
    let letters = |s: &str| -> String { s.chars().filter(|c| !c.is_ascii_digit()).collect() };
    if letters(&a) == letters(&b) {
        return None;
    }
    let difference = a.chars().count().abs_diff(b.chars().count());
    if difference > most {
        return None;
    }
    let distance = osa_distance(&a, &b);
    (distance <= most).then_some(distance)
}

/// The likeliest candidates for a misspelt word, best first, each once and at most three.
pub(crate) fn suggestions<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Vec<&'a str> {
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| Some((misspelling(word, candidate)?, candidate)))
        .collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(MOST);
    near.into_iter().map(|(_, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::{misspelling, suggestions};

    #[test]
    fn distances() {
        let cases = [
            ("alice", "alice", None),
            ("alice", "Alice", Some(0)),
            ("ALICE", "alice", Some(0)),
            ("alice", "alcie", Some(1)),
            ("alice", "alicia", None),
            ("deploymnets", "deployments", Some(1)),
            ("developers", "developes", Some(1)),
            ("bob", "rob", Some(1)),
            ("al", "bo", None),
            ("team-1", "team-2", None),
            ("user-17", "user-170", None),
            ("", "a", None),
            ("a", "system:serviceaccounts", None),
        ];
        for (a, b, expected) in cases {
            assert_eq!(misspelling(a, b), expected, "{a} {b}");
            assert_eq!(misspelling(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn the_closest_come_first() {
        let known = ["prod", "prods", "product", "Prd", "prad", "pro"];
        assert_eq!(suggestions("prd", known), ["Prd", "prad", "pro"]);
        assert!(suggestions("qqqq", known).is_empty());
    }
}
