//! What cel-go's validators find wrong with a tree that passed the type check.

use super::ast::{Expr, Kind, Literal};
use super::checker::Checked;
use super::eval::evaluate;
use super::library;
use super::source::{Errors, Offset};
use super::types::Type;
use super::value::Value;

/// Looks at literals: of durations, timestamps, patterns and formats, and at the types within lists and maps.
pub(super) fn validate(expr: &Expr, checked: &Checked, errors: &mut Errors) {
    Validator { checked, errors }.look(expr, false);
}

struct Validator<'a> {
    checked: &'a Checked,
    errors: &'a mut Errors,
}

impl Validator<'_> {
    fn look(&mut self, expr: &Expr, in_format: bool) {
        let mut in_format = in_format;
        match &expr.kind {
            Kind::Call {
                function,
                target,
                args,
            } => {
                self.literal(expr, function, args);
                if function == "format" {
                    self.format(expr, target.as_deref(), args);
                    in_format = true;
                }
            }
            Kind::List(elements) if !in_format => self.list(elements),
            Kind::Map(entries) if !in_format => {
                let (mut key, mut value) = (None, None);
                for entry in entries {
                    let k = self.type_of(&entry.key);
                    let v = self.unwrapped(&entry.value, entry.optional);
                    match (&key, &value) {
                        (Some(key), Some(value)) => {
                            self.same(key, &k, entry.key.at);
                            self.same(value, &v, entry.value.at);
                        }
                        _ => (key, value) = (Some(k), Some(v)),
                    }
                }
            }
            _ => {}
        }
        expr.children(&mut |child| self.look(child, in_format));
    }

    fn type_of(&self, expr: &Expr) -> Type {
        self.checked
            .types
            .get(&expr.id)
            .cloned()
            .unwrap_or(Type::Dyn)
    }

    fn unwrapped(&self, expr: &Expr, optional: bool) -> Type {
        match self.type_of(expr) {
            Type::Optional(inner) if optional => (*inner).clone(),
            other => other,
        }
    }

    fn same(&mut self, expected: &Type, found: &Type, at: Offset) -> bool {
        if expected == found {
            return true;
        }
        self.errors.report(
            at,
            format!("expected type '{expected}' but found '{found}'"),
        );
        false
    }

    fn list(&mut self, elements: &[(Expr, bool)]) {
        let mut expected: Option<Type> = None;
        for (element, optional) in elements {
            let t = self.unwrapped(element, *optional);
            match &expected {
                None => expected = Some(t),
                Some(first) => {
                    let first = first.clone();
                    if !self.same(&first, &t, element.at) {
                        return;
                    }
                }
            }
        }
    }

    fn literal(&mut self, expr: &Expr, function: &str, args: &[Expr]) {
        let Some(arg) = args.first() else { return };
        let Kind::Literal(literal) = &arg.kind else {
            return;
        };
        let good = match (function, literal) {
            ("matches", Literal::String(pattern)) => library::regex::compile(pattern).is_ok(),
            ("duration" | "timestamp", _) => {
                evaluate(expr, self.checked, "", &Value::Null, true).is_ok()
            }
            _ => return,
        };
        if !good {
            self.errors
                .report(arg.at, format!("invalid {function} argument"));
        }
    }

    fn format(&mut self, expr: &Expr, target: Option<&Expr>, args: &[Expr]) {
        let (Some(target), [arg]) = (target, args) else {
            return;
        };
        let (Kind::Literal(Literal::String(template)), Kind::List(elements)) =
            (&target.kind, &arg.kind)
        else {
            return;
        };
        if let Err(fault) = library::check_format(template, elements, self.checked) {
            let at = fault.place.unwrap_or(expr.at);
            self.errors.report(at, fault.message);
        }
    }
}
