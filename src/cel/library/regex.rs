//! Regular expressions with the syntax and the errors of Go's `regexp`, run by the crate `regex`.
//!
//! Both descend from RE2, but the crate has Unicode classes where Go has ASCII ones, knows operators of sets, and words
//! its errors otherwise. So a pattern is read as Go reads it and written anew for the crate.

use crate::cel::eval::{EvalError, Evaluated};
use crate::cel::value::{List, Value};
use regex::bytes::{Regex, RegexBuilder};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The most repetitions that Go takes.
const MAX_REPEAT: u32 = 1000;
const MAX_PROGRAM: usize = 32 << 20;
/// Deeper patterns are refused by Go as well.
const MAX_NESTING: usize = 1000;

/// A compiled pattern.
pub(in crate::cel) struct Pattern(Regex);

impl Pattern {
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text.as_bytes())
    }

    fn find_all(&self, text: &str, limit: usize) -> Vec<String> {
        let mut found = Vec::new();
        let mut last_end = None;
        for part in self.0.find_iter(text.as_bytes()) {
            // Go gives no empty match right after another match.
            if part.is_empty() && last_end == Some(part.start()) {
                continue;
            }
            if found.len() == limit {
                break;
            }
            last_end = Some(part.end());
            found.push(String::from_utf8_lossy(part.as_bytes()).into_owned());
        }
        found
    }
}

/// How many patterns are kept compiled, since a loop asks for the same one again and again.
const KEPT: usize = 32;

thread_local! {
    static COMPILED: RefCell<HashMap<String, Result<Rc<Pattern>, String>>> = RefCell::default();
}

/// Compiles a pattern, or finds it compiled.
///
/// # Errors
/// Go's text.
pub(in crate::cel) fn compile(pattern: &str) -> Result<Rc<Pattern>, String> {
    if let Some(found) = COMPILED.with_borrow(|kept| kept.get(pattern).cloned()) {
        return found;
    }
    let result = build(pattern).map(Rc::new);
    COMPILED.with_borrow_mut(|kept| {
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(pattern.to_owned(), result.clone());
    });
    result
}

fn build(pattern: &str) -> Result<Pattern, String> {
    let translated = translate(pattern)
        .map_err(|(code, part)| format!("error parsing regexp: {code}: `{part}`"))?;
    RegexBuilder::new(&translated)
        .size_limit(MAX_PROGRAM)
        .dfa_size_limit(MAX_PROGRAM)
        .nest_limit(2 * MAX_NESTING as u32 + 50)
        .build()
        .map(Pattern)
        .map_err(|_| format!("error parsing regexp: expression too large: `{pattern}`"))
}

/// Runs `find` and `findAll`.
pub(super) fn run(overload: &str, args: &[Value]) -> Option<Evaluated> {
    let [Value::String(text), Value::String(pattern), rest @ ..] = args else {
        return None;
    };
    let limit = match rest {
        [Value::Int(n)] => usize::try_from(*n).unwrap_or(usize::MAX),
        _ => usize::MAX,
    };
    let with = |run: &dyn Fn(&Pattern) -> Value| {
        compile(pattern)
            .map(|compiled| run(&compiled))
            .map_err(|error| EvalError::new(format!("Illegal regex: {error}")))
    };
    match overload {
        "string_find_string" => Some(with(&|regex| {
            Value::from(regex.find_all(text, 1).pop().unwrap_or_default())
        })),
        "string_find_all_string" | "string_find_all_string_int" => Some(with(&|regex| {
            Value::List(List::strings(regex.find_all(text, limit)))
        })),
        _ => None,
    }
}

type Fault = (&'static str, String);

const ESCAPE: &str = "invalid escape sequence";
const RANGE: &str = "invalid character class range";
const REPEAT_SIZE: &str = "invalid repeat count";
const NO_ARGUMENT: &str = "missing argument to repetition operator";

/// What stands before an operator that repeats.
#[derive(Clone, Copy)]
struct Atom {
    /// Whether there is something to repeat.
    exists: bool,
    /// How often the most repeated part in it is repeated.
    weight: u32,
}

const NOTHING: Atom = Atom {
    exists: false,
    weight: 1,
};
const SINGLE: Atom = Atom {
    exists: true,
    weight: 1,
};

struct Reader<'a> {
    whole: &'a str,
    rest: &'a str,
    out: String,
    last: Atom,
    /// The heaviest part of each open group.
    groups: Vec<u32>,
    names: Vec<&'a str>,
}

fn translate(pattern: &str) -> Result<String, Fault> {
    let mut reader = Reader {
        whole: pattern,
        rest: pattern,
        out: String::new(),
        last: NOTHING,
        groups: vec![1],
        names: Vec::new(),
    };
    let mut last_repeat: Option<&str> = None;
    while let Some(c) = reader.rest.chars().next() {
        let before = reader.rest;
        let mut repeat = None;
        match c {
            '(' => reader.open()?,
            ')' => reader.close()?,
            '|' => {
                reader.out.push('|');
                reader.skip(1);
                reader.last = NOTHING;
            }
            '^' | '$' | '.' => {
                reader.out.push(c);
                reader.skip(1);
                reader.atom();
            }
            '[' => reader.class()?,
            '*' | '+' | '?' => {
                reader.skip(1);
                reader.repeat(before, c.to_string(), None, last_repeat)?;
                repeat = Some(before);
            }
            '{' => match bounds(before) {
                None => {
                    reader.skip(1);
                    reader.literal('{');
                }
                Some((low, high, after)) => {
                    reader.rest = after;
                    let most = high.unwrap_or(low);
                    if low > MAX_REPEAT || most > MAX_REPEAT || high.is_some_and(|h| h < low) {
                        return Err((REPEAT_SIZE, part(before, after)));
                    }
                    let written = part(before, after);
                    reader.repeat(before, written, Some(most), last_repeat)?;
                    repeat = Some(before);
                }
            },
            '\\' => reader.escape()?,
            _ => {
                reader.skip(c.len_utf8());
                reader.literal(c);
            }
        }
        last_repeat = repeat;
    }
    if reader.groups.len() > 1 {
        return Err(("missing closing )", pattern.to_owned()));
    }
    Ok(reader.out)
}

fn part(before: &str, after: &str) -> String {
    before[..before.len() - after.len()].to_owned()
}

/// `{n}`, `{n,}`, `{n,m}`; anything else is text. A number too large comes out as more than what is allowed.
fn bounds(text: &str) -> Option<(u32, Option<u32>, &str)> {
    let rest = text.strip_prefix('{')?;
    let (low, rest) = number(rest)?;
    let (high, rest) = match rest.strip_prefix(',') {
        None => (Some(low), rest),
        Some(rest) if rest.starts_with('}') => (None, rest),
        Some(rest) => {
            let (high, rest) = number(rest)?;
            (Some(high), rest)
        }
    };
    Some((low, high, rest.strip_prefix('}')?))
}

fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    let digits = &text[..end];
    if digits.is_empty() || digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    Some((digits.parse().unwrap_or(u32::MAX), &text[end..]))
}

impl<'a> Reader<'a> {
    fn skip(&mut self, bytes: usize) {
        self.rest = &self.rest[bytes..];
    }

    fn atom(&mut self) {
        self.last = SINGLE;
    }

    fn literal(&mut self, c: char) {
        push_literal(&mut self.out, c);
        self.atom();
    }

    fn repeat(
        &mut self,
        before: &str,
        written: String,
        count: Option<u32>,
        last_repeat: Option<&str>,
    ) -> Result<(), Fault> {
        self.out.push_str(&written);
        if let Some(after) = self.rest.strip_prefix('?') {
            self.rest = after;
            self.out.push('?');
        }
        if let Some(last) = last_repeat {
            return Err(("invalid nested repetition operator", part(last, self.rest)));
        }
        if !self.last.exists {
            return Err((NO_ARGUMENT, part(before, self.rest)));
        }
        if let Some(count) = count.filter(|count| *count >= 2) {
            self.last.weight = self.last.weight.saturating_mul(count);
            if self.last.weight > MAX_REPEAT {
                return Err((REPEAT_SIZE, part(before, self.rest)));
            }
        }
        if let Some(group) = self.groups.last_mut() {
            *group = (*group).max(self.last.weight);
        }
        Ok(())
    }

    fn open(&mut self) -> Result<(), Fault> {
        if self.groups.len() > MAX_NESTING {
            return Err(("expression nests too deeply", self.whole.to_owned()));
        }
        if !self.rest.starts_with("(?") {
            self.out.push('(');
            self.skip(1);
            self.groups.push(1);
            self.last = NOTHING;
            return Ok(());
        }
        let start = self.rest;
        let named = if start.starts_with("(?P<") && start.len() > 4 {
            Some(4)
        } else if start.starts_with("(?<") && start.len() > 3 {
            Some(3)
        } else {
            None
        };
        if let Some(from) = named {
            const BAD: &str = "invalid named capture";
            let end = start.find('>').ok_or_else(|| (BAD, start.to_owned()))?;
            let name = start.get(from..end).unwrap_or("");
            let valid =
                !name.is_empty() && name.bytes().all(|b| b == b'_' || b.is_ascii_alphanumeric());
            if !valid {
                return Err((BAD, start[..=end].to_owned()));
            }
            if self.names.contains(&name) {
                return Err(("duplicate capture group name", name.to_owned()));
            }
            self.names.push(name);
            self.out.push('(');
            self.skip(end + 1);
            self.groups.push(1);
            self.last = NOTHING;
            return Ok(());
        }
        let (mut negative, mut flagged) = (false, false);
        for (at, c) in start.char_indices().skip(2) {
            let after = &start[at + c.len_utf8()..];
            match c {
                'i' | 'm' | 's' | 'U' => flagged = true,
                '-' if !negative => {
                    negative = true;
                    flagged = false;
                }
                ':' | ')' if !negative || flagged => {
                    self.rest = after;
                    if c == ':' {
                        self.out.push_str(&start[..=at]);
                        self.groups.push(1);
                        self.last = NOTHING;
                    } else if at > 2 {
                        self.out.push_str(&start[..=at]);
                    } else {
                        // Go takes flags without any flag, which the crate does not.
                        self.out.push_str("(?:)");
                    }
                    return Ok(());
                }
                _ => return Err(("invalid or unsupported Perl syntax", part(start, after))),
            }
        }
        Err(("missing closing )", start.to_owned()))
    }

    fn close(&mut self) -> Result<(), Fault> {
        if self.groups.len() < 2 {
            return Err(("unexpected )", self.whole.to_owned()));
        }
        let weight = self.groups.pop().unwrap_or(1);
        self.out.push(')');
        self.skip(1);
        self.last = Atom {
            exists: true,
            weight,
        };
        if let Some(group) = self.groups.last_mut() {
            *group = (*group).max(weight);
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let start = self.rest;
        let Some(c) = start.chars().nth(1) else {
            return Err(("trailing backslash at end of expression", String::new()));
        };
        let simple = match c {
            'A' => "\\A",
            'z' => "\\z",
            'b' => "(?-u:\\b)",
            'B' => "(?-u:\\B)",
            'C' => return Err((ESCAPE, "\\C".to_owned())),
            'Q' => {
                let text = &start[2..];
                let (text, after) = match text.split_once("\\E") {
                    Some((text, after)) => (text, after),
                    None => (text, ""),
                };
                for c in text.chars() {
                    self.literal(c);
                }
                self.rest = after;
                return Ok(());
            }
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => perl_class(c),
            'p' | 'P' => {
                let (class, after) = unicode_class(start)?;
                self.out.push_str(&class);
                self.rest = after;
                self.atom();
                return Ok(());
            }
            _ => {
                let (c, after) = single_escape(start)?;
                self.rest = after;
                self.literal(c);
                return Ok(());
            }
        };
        self.out.push_str(simple);
        self.skip(2);
        self.atom();
        Ok(())
    }

    fn class(&mut self) -> Result<(), Fault> {
        let start = self.rest;
        self.skip(1);
        self.out.push('[');
        if let Some(rest) = self.rest.strip_prefix('^') {
            self.rest = rest;
            self.out.push('^');
        }
        let mut first = true;
        while first || !self.rest.starts_with(']') {
            if self.rest.is_empty() {
                return Err(("missing closing ]", start.to_owned()));
            }
            first = false;
            if self.rest.starts_with("[:")
                && let Some(end) = self.rest[2..].find(":]")
            {
                let name = &self.rest[..end + 4];
                if !is_posix_class(name) {
                    return Err((RANGE, name.to_owned()));
                }
                self.out.push_str(name);
                self.skip(name.len());
                continue;
            }
            if let Some(c) = self
                .rest
                .strip_prefix('\\')
                .and_then(|rest| rest.chars().next())
            {
                if matches!(c, 'p' | 'P') {
                    let (class, after) = unicode_class(self.rest)?;
                    self.out.push_str(&class);
                    self.rest = after;
                    continue;
                }
                if matches!(c, 'd' | 'D' | 's' | 'S' | 'w' | 'W') {
                    self.out.push_str(perl_class(c));
                    self.skip(2);
                    continue;
                }
            }
            let range = self.rest;
            let (low, after) = class_char(self.rest, start)?;
            self.rest = after;
            let mut high = low;
            if let Some(after) = after.strip_prefix('-')
                && !after.is_empty()
                && !after.starts_with(']')
            {
                let (c, after) = class_char(after, start)?;
                self.rest = after;
                high = c;
                if high < low {
                    return Err((RANGE, part(range, after)));
                }
            }
            self.out
                .push_str(&format!("\\x{{{:x}}}-\\x{{{:x}}}", low as u32, high as u32));
        }
        self.skip(1);
        self.out.push(']');
        self.atom();
        Ok(())
    }
}

fn push_literal(out: &mut String, c: char) {
    if c.is_ascii() && !c.is_ascii_alphanumeric() {
        out.push_str(&format!("\\x{{{:x}}}", c as u32));
    } else {
        out.push(c);
    }
}

fn perl_class(c: char) -> &'static str {
    match c {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        's' => "[\\t\\n\\x0c\\r ]",
        'S' => "[^\\t\\n\\x0c\\r ]",
        'w' => "[0-9A-Za-z_]",
        _ => "[^0-9A-Za-z_]",
    }
}

fn is_posix_class(text: &str) -> bool {
    let name = text.trim_start_matches("[:").trim_end_matches(":]");
    [
        "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
        "space", "upper", "word", "xdigit",
    ]
    .contains(&name.strip_prefix('^').unwrap_or(name))
}

/// `\pL`, `\p{Greek}`, `\P{^Greek}`.
fn unicode_class(text: &str) -> Result<(String, &str), Fault> {
    let rest = &text[2..];
    let (name, after) = match rest.strip_prefix('{') {
        Some(inner) => match inner.split_once('}') {
            Some((name, after)) => (name, after),
            None => return Err((RANGE, text.to_owned())),
        },
        None => {
            let len = rest.chars().next().map_or(0, char::len_utf8);
            if len == 0 {
                return Err((RANGE, text.to_owned()));
            }
            rest.split_at(len)
        }
    };
    let shown = part(text, after);
    let (negated, name) = match name.strip_prefix('^') {
        Some(name) => (true, name),
        None => (false, name),
    };
    let negated = negated != text.starts_with("\\P");
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let class = match name {
        "Any" => "\\p{any}".to_owned(),
        _ => format!("\\p{{{name}}}"),
    };
    // Go knows general categories and scripts, by their exact names.
    let exact = name.starts_with(|c: char| c.is_ascii_uppercase());
    if !plain || !exact || Regex::new(&class).is_err() {
        return Err((RANGE, shown));
    }
    let class = if negated {
        class.replacen("\\p", "\\P", 1)
    } else {
        class
    };
    Ok((class, after))
}

fn class_char<'a>(text: &'a str, class: &str) -> Result<(char, &'a str), Fault> {
    match text.chars().next() {
        None => Err(("missing closing ]", class.to_owned())),
        Some('\\') => single_escape(text),
        Some(c) => Ok((c, &text[c.len_utf8()..])),
    }
}

/// A backslash and what it makes of the next characters.
fn single_escape(text: &str) -> Result<(char, &str), Fault> {
    let mut chars = text[1..].chars();
    let Some(c) = chars.next() else {
        return Err(("trailing backslash at end of expression", String::new()));
    };
    let bad = |after: &str| -> Result<(char, &str), Fault> { Err((ESCAPE, part(text, after))) };
    let after = chars.as_str();
    let octal = || {
        let digits = &text[1..];
        let more = digits
            .bytes()
            .take(3)
            .take_while(|b| (b'0'..=b'7').contains(b))
            .count();
        let value = u32::from_str_radix(&digits[..more], 8)
            .ok()
            .and_then(char::from_u32);
        value.map(|c| (c, &digits[more..]))
    };
    match c {
        '1'..='7' if !after.starts_with(|c: char| ('0'..='7').contains(&c)) => bad(after),
        '0'..='7' => match octal() {
            Some(found) => Ok(found),
            None => bad(after),
        },
        'x' => {
            let (digits, rest) = match after.strip_prefix('{') {
                Some(inner) => match inner.split_once('}') {
                    Some((digits, rest)) if digits.bytes().all(|b| b.is_ascii_hexdigit()) => {
                        (digits, rest)
                    }
                    _ => {
                        let end = inner.bytes().take_while(u8::is_ascii_hexdigit).count();
                        let end = inner[end..]
                            .chars()
                            .next()
                            .map_or(end, |c| end + c.len_utf8());
                        return bad(&inner[end..]);
                    }
                },
                None => match after.get(..2) {
                    Some(digits) if digits.bytes().all(|b| b.is_ascii_hexdigit()) => {
                        (digits, &after[2..])
                    }
                    _ => {
                        let good = after
                            .bytes()
                            .take(2)
                            .take_while(u8::is_ascii_hexdigit)
                            .count();
                        let end = after[good..]
                            .chars()
                            .next()
                            .map_or(good, |c| good + c.len_utf8());
                        return bad(&after[end..]);
                    }
                },
            };
            match u32::from_str_radix(digits, 16)
                .ok()
                .and_then(char::from_u32)
            {
                Some(c) => Ok((c, rest)),
                None => bad(rest),
            }
        }
        'a' => Ok(('\x07', after)),
        'f' => Ok(('\x0c', after)),
        'n' => Ok(('\n', after)),
        'r' => Ok(('\r', after)),
        't' => Ok(('\t', after)),
        'v' => Ok(('\x0b', after)),
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => Ok((c, after)),
        _ => bad(after),
    }
}

#[cfg(test)]
mod tests {
    use super::compile;

    #[test]
    fn refuses_in_go_s_words() {
        for (pattern, error) in [
            ("(", "missing closing ): `(`"),
            ("a)", "unexpected ): `a)`"),
            ("[a", "missing closing ]: `[a`"),
            ("[", "missing closing ]: `[`"),
            ("[z-a]", "invalid character class range: `z-a`"),
            ("[[:nope:]]", "invalid character class range: `[:nope:]`"),
            ("*", "missing argument to repetition operator: `*`"),
            ("(+)", "missing argument to repetition operator: `+`"),
            ("a**", "invalid nested repetition operator: `**`"),
            ("a{2}{3}", "invalid nested repetition operator: `{2}{3}`"),
            ("a{1001}", "invalid repeat count: `{1001}`"),
            ("(a{100}){100}", "invalid repeat count: `{100}`"),
            ("a{3,2}", "invalid repeat count: `{3,2}`"),
            ("\\", "trailing backslash at end of expression: ``"),
            ("\\8", "invalid escape sequence: `\\8`"),
            ("\\1", "invalid escape sequence: `\\1`"),
            ("\\y", "invalid escape sequence: `\\y`"),
            ("(?!x)", "invalid or unsupported Perl syntax: `(?!`"),
            ("(?=x)", "invalid or unsupported Perl syntax: `(?=`"),
            ("(?x)", "invalid or unsupported Perl syntax: `(?x`"),
            ("(?P<n", "invalid named capture: `(?P<n`"),
            ("\\p{Nope}", "invalid character class range: `\\p{Nope}`"),
        ] {
            let told = compile(pattern).err();
            assert_eq!(
                told.as_deref(),
                Some(&*format!("error parsing regexp: {error}")),
                "{pattern}"
            );
        }
    }

    #[test]
    fn matches_as_go_does() {
        for (pattern, text, matches) in [
            ("^[a-z0-9@.-]+$", "jane@x.y", true),
            ("^\\d+$", "١٢", false),
            ("^\\w$", "é", false),
            ("a{,2}", "a{,2}", true),
            ("[a&&b]", "&", true),
            ("\\bfoo\\b", "a foo b", true),
            ("(?i)ABC", "abc", true),
            ("\\Qa.b\\E", "a.b", true),
            ("\\Qa.b\\E", "axb", false),
            ("a.c", "a\nc", false),
            ("(?s)a.c", "a\nc", true),
            ("^b$", "a\nb", false),
            ("(?m)^b$", "a\nb", true),
            ("[]a]", "]", true),
            ("\\x41\\101", "AA", true),
            ("\\pL", "é", true),
            ("#", "#", true),
            ("(?<n>a)", "a", true),
        ] {
            assert_eq!(
                compile(pattern).map(|p| p.is_match(text)),
                Ok(matches),
                "{pattern}"
            );
        }
    }
}
