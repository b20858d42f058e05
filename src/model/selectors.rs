//! Field and label selectors of an access review: what the API server refuses, what it parses, and
//! what it ignores. Whether an object matches is no question of an access review.

pub use super::{Comparison, ParsedRequirement as Parsed};

use super::FieldError;
use super::names::{label_key_errors, label_value_errors};
use std::borrow::Cow;

/// A selector as an access review carries it (`authorization.k8s.io/v1` FieldSelectorAttributes and
/// LabelSelectorAttributes, which have one shape).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector<'a> {
    /// `rawSelector`: the selector as a query parameter spells it.
    pub raw: Cow<'a, str>,
    /// `requirements`, all of which must hold.
    pub requirements: Vec<Requirement<'a>>,
}

/// One requirement as it was sent (`metav1.FieldSelectorRequirement`, `metav1.LabelSelectorRequirement`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirement<'a> {
    /// The field's path or the label's key.
    pub key: Cow<'a, str>,
    /// `In`, `NotIn`, `Exists` or `DoesNotExist`; anything else is sent by newer clients and ignored.
    pub operator: Cow<'a, str>,
    /// The values of In and NotIn.
    pub values: Vec<Cow<'a, str>>,
}

/// Which of the two selectors is meant: they differ in grammar and in what a key may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectorKind {
    /// `fieldSelector`
    Field,
    /// `labelSelector`
    Label,
}

/// What the server made of a selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome<'a> {
    /// What authorizers see. Requirements are ANDed, so that leaving some out asks for more, not less.
    pub requirements: Vec<Parsed<'a>>,
    /// Whether something was not understood and left out.
    pub failed: bool,
}

impl Selector<'_> {
    /// What the server does with the selector: `ResourceAttributesFrom` of its access review storage.
    pub fn parse(&self, kind: SelectorKind) -> Outcome<'_> {
        if self.requirements.is_empty() {
            let parsed = match kind {
                SelectorKind::Field => parse_field_selector(&self.raw),
                SelectorKind::Label => parse_label_selector(&self.raw),
            };
            return Outcome {
                failed: parsed.is_none(),
                requirements: parsed.unwrap_or_default(),
            };
        }
        let parsed: Vec<_> = self.requirements.iter().map(|r| r.parse(kind)).collect();
        Outcome {
            failed: parsed.contains(&None),
            requirements: parsed.into_iter().flatten().collect(),
        }
    }

    /// Adds what the server refuses about the selector at `path` (`validateFieldSelectorAttributes`
    /// and `validateLabelSelectorAttributes`). A grammar error in `rawSelector` is none of it.
    pub fn validate(&self, kind: SelectorKind, path: &str, errors: &mut Vec<FieldError>) {
        match (self.raw.is_empty(), self.requirements.is_empty()) {
            (false, false) => errors.push(FieldError::invalid(
                format!("{path}.rawSelector"),
                &*self.raw,
                "may not specified at the same time as requirements",
            )),
            (true, true) => errors.push(FieldError::required(
                format!("{path}.requirements"),
                format!("when {path} is specified, requirements or rawSelector is required"),
            )),
            _ => {}
        }
        for (i, requirement) in self.requirements.iter().enumerate() {
            requirement.validate(kind, &format!("{path}.requirements[{i}]"), errors);
        }
    }
}

impl Requirement<'_> {
    /// As `fieldSelectorAsSelector` and `labelSelectorAsSelector`; `None` where it is left out: an
    /// unknown operator (Gt and Lt too), and of a field anything but In and NotIn with one value.
    fn parse(&self, kind: SelectorKind) -> Option<Parsed<'_>> {
        let comparison = match (kind, &*self.operator) {
            (SelectorKind::Field, "In") => Comparison::Equals,
            (SelectorKind::Field, "NotIn") => Comparison::NotEquals,
            (SelectorKind::Field, _) => return None,
            (_, "In") => Comparison::In,
            (_, "NotIn") => Comparison::NotIn,
            (_, "Exists") => Comparison::Exists,
            (_, "DoesNotExist") => Comparison::DoesNotExist,
            _ => return None,
        };
        let values = self.values.iter().map(|v| Cow::Borrowed(&**v)).collect();
        let parsed = Parsed::new(&self.key, comparison, values);
        let fits = match kind {
            SelectorKind::Field => self.values.len() == 1,
            SelectorKind::Label => is_label_requirement(&parsed),
        };
        fits.then_some(parsed)
    }

    fn validate(&self, kind: SelectorKind, path: &str, errors: &mut Vec<FieldError>) {
        let (key, values) = (format!("{path}.key"), format!("{path}.values"));
        if kind == SelectorKind::Field && self.key.is_empty() {
            errors.push(FieldError::required(&*key, "must be specified"));
        }
        match (&*self.operator, self.values.is_empty()) {
            ("In" | "NotIn", true) => errors.push(FieldError::required(
                &*values,
                "must be specified when `operator` is 'In' or 'NotIn'",
            )),
            ("Exists" | "DoesNotExist", false) => errors.push(FieldError::forbidden(
                &*values,
                "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            )),
            _ => {}
        }
        if kind == SelectorKind::Label {
            for message in label_key_errors(&self.key) {
                errors.push(FieldError::invalid(&*key, &*self.key, message));
            }
            for (i, value) in self.values.iter().enumerate() {
                for message in label_value_errors(value) {
                    let field = format!("{values}[{i}]");
                    errors.push(FieldError::invalid(field, &**value, message));
                }
            }
        }
    }
}

/// What `status.evaluationError` says of selectors that were not understood, field before label, or
/// `None` (`BuildEvaluationError`). An authorizer's own error goes before it, joined by `; `.
pub fn evaluation_error(field: Option<&Selector>, label: Option<&Selector>) -> Option<String> {
    let both = [
        (field, SelectorKind::Field, "fieldSelector"),
        (label, SelectorKind::Label, "labelSelector"),
    ];
    let mut text = String::new();
    for (selector, kind, name) in both {
        let Some(outcome) = selector.map(|s| s.parse(kind)).filter(|o| o.failed) else {
            continue;
        };
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.extend(["spec.resourceAttributes.", name]);
        if !outcome.requirements.is_empty() {
            text.push_str(" partially");
        }
        text.push_str(" ignored due to parse error");
    }
    (!text.is_empty()).then_some(text)
}

/// Parses a raw label selector (`labels.Parse`): requirements joined by commas, each `KEY`, `!KEY`,
/// `KEY in (A,B)`, `KEY notin (A,B)`, or KEY, one of `=`, `==`, `!=`, `>`, `<`, and a value. Ordered by
/// key; a list's values are ordered and each there once. Empty text is an empty selector.
///
/// `None`: the text does not follow the grammar, a key or a value is no label key or label value, or what `>`
/// or `<` compares with is no integer.
pub fn parse_label_selector(text: &str) -> Option<Vec<Parsed<'_>>> {
    // The first token is only a start; the one after it is the text's own.
    let (rest, peek) = (text, Token::Comma);
    let mut tokens = Tokens { rest, peek };
    tokens.next();
    let mut requirements = Vec::new();
    if tokens.peek == Token::End {
        return Some(requirements);
    }
    loop {
        requirements.push(tokens.requirement()?);
        match tokens.next() {
            Token::End => break,
            Token::Comma => {}
            _ => return None,
        }
    }
    requirements.sort_by_key(|r| r.key);
    Some(requirements)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    End,
    Open,
    Close,
    Comma,
    Not,
    Compare(Comparison),
    /// A key, a value, or the operator words `in` and `notin`: position tells which.
    Word(&'a str),
}

struct Tokens<'a> {
    rest: &'a str,
    peek: Token<'a>,
}

impl<'a> Tokens<'a> {
    fn next(&mut self) -> Token<'a> {
        let scanned = self.scan();
        std::mem::replace(&mut self.peek, scanned)
    }

    fn scan(&mut self) -> Token<'a> {
        let text = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let (token, length) = match text.as_bytes() {
            // The server's lexer takes a NUL for the end of the text.
            [] | [0, ..] => (Token::End, text.len()),
            [b'(', ..] => (Token::Open, 1),
            [b')', ..] => (Token::Close, 1),
            [b',', ..] => (Token::Comma, 1),
            [b'!', b'=', ..] => (Token::Compare(Comparison::NotEquals), 2),
            [b'!', ..] => (Token::Not, 1),
            [b'=', b'=', ..] => (Token::Compare(Comparison::Equals), 2),
            [b'=', ..] => (Token::Compare(Comparison::Equals), 1),
            [b'>', ..] => (Token::Compare(Comparison::GreaterThan), 1),
            [b'<', ..] => (Token::Compare(Comparison::LessThan), 1),
            _ => {
                let end = text.find(|c| "=!(),><\0 \t\r\n".contains(c));
                let length = end.unwrap_or(text.len());
                (Token::Word(&text[..length]), length)
            }
        };
        let rest = &text[length..];
        // Reading on to see where a token ends, it swallows a NUL that follows.
        self.rest = rest.strip_prefix('\0').unwrap_or(rest);
        token
    }

    fn word(&mut self) -> Option<&'a str> {
        match self.next() {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    fn requirement(&mut self) -> Option<Parsed<'a>> {
        let negated = self.peek == Token::Not;
        if negated {
            self.next();
        }
        let key = self.word()?;
        let (comparison, values) = if negated {
            (Comparison::DoesNotExist, Vec::new())
        } else if matches!(self.peek, Token::End | Token::Comma) {
            (Comparison::Exists, Vec::new())
        } else {
            match self.next() {
                Token::Word("in") => (Comparison::In, self.list()?),
                Token::Word("notin") => (Comparison::NotIn, self.list()?),
                Token::Compare(comparison) => {
                    let empty = matches!(self.peek, Token::End | Token::Comma);
                    let value = if empty { "" } else { self.word()? };
                    (comparison, vec![Cow::Borrowed(value)])
                }
                _ => return None,
            }
        };
        Some(Parsed::new(key, comparison, values)).filter(is_label_requirement)
    }

    /// `(A,B)`. An empty place between commas or parentheses is the empty value.
    fn list(&mut self) -> Option<Vec<Cow<'a, str>>> {
        if self.next() != Token::Open {
            return None;
        }
        let mut values = Vec::new();
        loop {
            let value = match self.peek {
                Token::Word(_) => self.word()?,
                _ => "",
            };
            values.push(Cow::Borrowed(value));
            match self.next() {
                Token::Comma => {}
                Token::Close => break,
                _ => return None,
            }
        }
        values.sort_unstable();
        values.dedup();
        Some(values)
    }
}

/// The rules of `labels.NewRequirement`.
fn is_label_requirement(requirement: &Parsed) -> bool {
    let values = &requirement.values;
    let fits = match requirement.comparison {
        Comparison::In | Comparison::NotIn => !values.is_empty(),
        Comparison::Exists | Comparison::DoesNotExist => values.is_empty(),
        Comparison::GreaterThan | Comparison::LessThan => {
            values.len() == 1 && values[0].parse::<i64>().is_ok()
        }
        Comparison::Equals | Comparison::NotEquals => values.len() == 1,
    };
    fits && label_key_errors(requirement.key).is_empty()
        && values.iter().all(|v| label_value_errors(v).is_empty())
}

/// Parses a raw field selector (`fields.ParseSelector`): `PATH=VALUE`, `PATH==VALUE` and `PATH!=VALUE`
/// joined by commas. Empty terms are skipped; the rest is in byte order. In a value, a backslash takes
/// the meaning from a backslash, a comma or an equals sign; spaces count everywhere.
///
/// `None`: a term has no operator, a value holds a bare `=`, or a backslash stands before anything else.
pub fn parse_field_selector(text: &str) -> Option<Vec<Parsed<'_>>> {
    let mut escaped = false;
    let mut terms: Vec<&str> = text
        .split(|c| {
            let plain = !std::mem::take(&mut escaped);
            escaped = plain && c == '\\';
            plain && c == ','
        })
        .filter(|term| !term.is_empty())
        .collect();
    terms.sort_unstable();
    terms.into_iter().map(parse_field_term).collect()
}

fn parse_field_term(term: &str) -> Option<Parsed<'_>> {
    let (left, right) = term.split_once('=')?;
    let (key, comparison) = match left.strip_suffix('!') {
        Some(key) => (key, Comparison::NotEquals),
        None => (left, Comparison::Equals),
    };
    let doubled = right.strip_prefix('=').filter(|_| key == left);
    let value = doubled.unwrap_or(right);
    let mut plain = Cow::Borrowed(value);
    if value.contains(['\\', '=']) {
        let mut chars = value.chars();
        let text = plain.to_mut();
        text.clear();
        while let Some(c) = chars.next() {
            text.push(match c {
                '=' => return None,
                '\\' => chars.next().filter(|c| "\\,=".contains(*c))?,
                _ => c,
            });
        }
    }
    Some(Parsed::new(key, comparison, vec![plain]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Requirements as text: key, comparison, values.
    fn shown(parsed: Option<Vec<Parsed>>) -> String {
        let Some(parsed) = parsed else {
            return "error".to_owned();
        };
        let one = |p: &Parsed| format!("{} {:?} {}", p.key, p.comparison, p.values.join("|"));
        parsed.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn label_grammar() {
        let table = [
            ("", ""),
            (" \t\r\n", ""),
            ("a=b", "a Equals b"),
            (" a == b ", "a Equals b"),
            ("a!=b,a!=", "a NotEquals b; a NotEquals "),
            ("b,a=,!c", "a Equals ; b Exists ; c DoesNotExist "),
            ("a in (c,b,c)", "a In b|c"),
            ("a notin(,x)", "a NotIn |x"),
            ("a in (),b in (x,),c in (x,,y)", "a In ; b In |x; c In |x|y"),
            ("in in (in,notin)", "in In in|notin"),
            ("notin=in", "notin Equals in"),
            ("x.y/a>1,b<007", "b LessThan 007; x.y/a GreaterThan 1"),
            ("a=b \0,,((", "a Equals b"),
            ("a=\0b", "a Equals b"),
        ];
        for (text, want) in table {
            assert_eq!(shown(parse_label_selector(text)), want, "{text:?}");
        }
        let errors = "x in|a=((|=x|,|a,|a=b,|,a|a b|a=b c|!|!!a|!a=b|!a in (b)|a===b|a!b|a=!b|a in b|a in (b|a in (b c)|a in (!b)|a in (b))|a>|a>x|a<-1|a>9223372036854775808|a=b=c|-a|a=-|a/b/c|/a|a/|A.b/c|a=ü|&&|a\0b|a in (b)c";
        for text in errors.split('|') {
            assert_eq!(shown(parse_label_selector(text)), "error", "{text:?}");
        }
    }

    #[test]
    fn field_grammar() {
        let table = [
            ("", ""),
            (",,", ""),
            ("b=2,,a!=1,", "a NotEquals 1; b Equals 2"),
            ("a==", "a Equals "),
            ("=b", " Equals b"),
            (" a = b ", " a  Equals  b "),
            (r"a=x\,y\=\\", r"a Equals x,y=\"),
            (r"a\,b=c", r"a\,b Equals c"),
            ("a=b!c", "a Equals b!c"),
        ];
        for (text, want) in table {
            assert_eq!(shown(parse_field_selector(text)), want, "{text:?}");
        }
        for text in r"a|a=b=c|a===b|a!==b|a=\x|a=b\|a\\,b=c|a in (b)|a=b,c".split('|') {
            assert_eq!(shown(parse_field_selector(text)), "error", "{text:?}");
        }
    }
}
