//! The static type check of cel-go, in its words.

use super::ast::{Expr, Kind, Literal};
use super::declarations::{self, Function, Overload};
use super::environment::Environment;
use super::source::{Errors, Offset};
use super::types::Type;
use std::collections::HashMap;
use std::sync::Arc;

/// More steps than any honest expression needs: types of hostile ones can grow without end.
const FUEL: u32 = 20_000_000;

/// What the check found out, by the ids of the tree's parts.
#[derive(Debug, Default)]
pub(super) struct Checked {
    /// Types, with all parameters resolved.
    pub types: HashMap<u32, Type>,
    /// Which overloads a call may mean.
    pub overloads: HashMap<u32, Vec<&'static str>>,
    /// Names that stand for types.
    pub type_names: HashMap<u32, Type>,
}

/// Checks a tree, and writes into it what names and calls were found to be.
pub(super) fn check(expr: &mut Expr, environment: &Environment) -> (Checked, Errors) {
    let mut checker = Checker {
        environment,
        scopes: Vec::new(),
        substitutions: Vec::new(),
        trail: Vec::new(),
        fuel: FUEL,
        found: Checked::default(),
        errors: Errors::default(),
    };
    checker.check(expr);
    let types = std::mem::take(&mut checker.found.types);
    let types = types
        .into_iter()
        .map(|(id, t)| (id, checker.substitute(&t, true)))
        .collect();
    checker.found.types = types;
    if checker.fuel == 0 {
        checker
            .errors
            .report(None, "expression is too complex to check");
    }
    (checker.found, checker.errors)
}

struct Checker<'a> {
    environment: &'a Environment,
    scopes: Vec<(String, Type)>,
    /// What the numbered type parameters stand for.
    substitutions: Vec<Option<Type>>,
    /// What substitutions were before, to take back what did not fit.
    trail: Vec<(u32, Option<Type>)>,
    fuel: u32,
    found: Checked,
    errors: Errors,
}

impl Checker<'_> {
    fn spend(&mut self) -> bool {
        self.fuel = self.fuel.saturating_sub(1);
        self.fuel > 0
    }

    fn set(&mut self, expr: &Expr, t: Type) {
        self.found.types.insert(expr.id, t);
    }

    fn get(&self, expr: &Expr) -> Type {
        self.found
            .types
            .get(&expr.id)
            .cloned()
            .unwrap_or(Type::Error)
    }

    fn check(&mut self, expr: &mut Expr) {
        let t = match &mut expr.kind {
            Kind::Unspecified => Type::Error,
            Kind::Literal(literal) => match literal {
                Literal::Null => Type::Null,
                Literal::Bool(_) => Type::Bool,
                Literal::Int(_) => Type::Int,
                Literal::Uint(_) => Type::Uint,
                Literal::Double(_) => Type::Double,
                Literal::String(_) => Type::String,
                Literal::Bytes(_) => Type::Bytes,
            },
            Kind::Ident(_) => return self.check_ident(expr),
            Kind::Select { .. } => return self.check_select(expr),
            Kind::Call { .. } => return self.check_call(expr),
            Kind::List(_) => return self.check_list(expr),
            Kind::Map(_) => return self.check_map(expr),
            Kind::Struct { .. } => return self.check_struct(expr),
            Kind::Fold(_) => return self.check_fold(expr),
        };
        self.set(expr, t);
    }

    /// The type of a name, and whether the name is that of a type.
    fn lookup(&self, name: &str) -> Option<(Type, Option<Type>)> {
        let (name, absolute) = match name.strip_prefix('.') {
            Some(name) => (name, true),
            None => (name, false),
        };
        if !absolute && let Some((_, t)) = self.scopes.iter().rev().find(|(n, _)| n == name) {
            return Some((t.clone(), None));
        }
        if name == self.environment.variable() {
            return Some((self.environment.variable_type(), None));
        }
        let named = declarations::type_named(name)
            .or_else(|| self.environment.object(name).map(Type::Object))?;
        Some((Type::Type(Some(Arc::new(named.clone()))), Some(named)))
    }

    fn refer(&mut self, expr: &Expr, found: (Type, Option<Type>)) {
        if let Some(named) = found.1 {
            self.found.type_names.insert(expr.id, named);
        }
        self.set(expr, found.0);
    }

    fn undeclared(&mut self, at: Offset, name: &str) {
        self.errors.report(
            at,
            format!("undeclared reference to '{name}' (in container '')"),
        );
    }

    fn check_ident(&mut self, expr: &mut Expr) {
        let Kind::Ident(name) = &expr.kind else {
            return;
        };
        let name = name.clone();
        match self.lookup(&name) {
            Some(found) => {
                self.refer(expr, found);
                expr.kind = Kind::Ident(name.trim_start_matches('.').to_owned());
            }
            None => {
                self.set(expr, Type::Error);
                self.undeclared(expr.at, &name);
            }
        }
    }

    fn check_select(&mut self, expr: &mut Expr) {
        if let Some(name) = expr.qualified_name()
            && let Some(found) = self.lookup(&name)
        {
            self.refer(expr, found);
            expr.kind = Kind::Ident(name);
            return;
        }
        let at = expr.at;
        let Kind::Select {
            operand,
            field,
            test_only,
        } = &mut expr.kind
        else {
            return;
        };
        let (field, test_only) = (field.clone(), *test_only);
        let t = self.field_of(at, operand, &field, false);
        let t = if test_only {
            Type::Bool
        } else {
            self.substitute(&t, false)
        };
        self.set(expr, t);
    }

    fn field_of(&mut self, at: Offset, operand: &mut Expr, field: &str, optional: bool) -> Type {
        self.check(operand);
        let found = self.get(operand);
        let found = self.substitute(&found, false);
        let (target, is_optional) = match &found {
            Type::Optional(inner) => ((**inner).clone(), true),
            other => (other.clone(), false),
        };
        let result = match &target {
            Type::Map(_, value) => (**value).clone(),
            Type::Object(name) => match self.environment.field(name, field) {
                Some(t) => t,
                None if self.environment.object(name).is_none() => {
                    self.errors
                        .report(at, format!("unexpected failed resolution of '{name}'"));
                    Type::Error
                }
                None => {
                    self.errors.report(at, format!("undefined field '{field}'"));
                    Type::Error
                }
            },
            Type::Param(_) => {
                self.is_assignable(&Type::Dyn, &target);
                Type::Dyn
            }
            other => {
                if !other.is_dyn_or_error() {
                    self.errors.report(
                        at,
                        format!("type '{other}' does not support field selection"),
                    );
                }
                Type::Dyn
            }
        };
        if is_optional || optional {
            Type::optional(result)
        } else {
            result
        }
    }

    fn check_call(&mut self, expr: &mut Expr) {
        let at = expr.at;
        let Kind::Call {
            function,
            target,
            args,
        } = &mut expr.kind
        else {
            return;
        };
        if function == "_?._"
            && let [operand, field] = &mut args[..]
        {
            let Kind::Literal(Literal::String(name)) = &field.kind else {
                return;
            };
            let name = name.clone();
            let t = self.field_of(at, operand, &name, true);
            let t = self.substitute(&t, false);
            self.set(expr, t);
            return;
        }
        for arg in args.iter_mut() {
            self.check(arg);
        }
        let types: Vec<Type> = args.iter().map(|arg| self.get(arg)).collect();
        let places: Vec<Offset> = args.iter().map(|arg| arg.at).collect();
        let Some(receiver) = target else {
            let name = function.trim_start_matches('.').to_owned();
            let Some(declared) = declarations::function(&name) else {
                let name = function.clone();
                self.undeclared(at, &name);
                return self.set(expr, Type::Error);
            };
            *function = name;
            return self.resolve(expr, declared, false, types, &places);
        };
        if let Some(prefix) = receiver.qualified_name() {
            let name = format!("{}.{function}", prefix.trim_start_matches('.'));
            if let Some(declared) = declarations::function(&name) {
                *function = name;
                *target = None;
                return self.resolve(expr, declared, false, types, &places);
            }
        }
        self.check(receiver);
        let mut all = vec![self.get(receiver)];
        all.extend(types);
        match declarations::function(function) {
            Some(declared) => self.resolve(expr, declared, true, all, &places),
            None => {
                let name = function.clone();
                self.set(expr, Type::Error);
                self.undeclared(at, &name);
            }
        }
    }

    fn resolve(
        &mut self,
        expr: &Expr,
        function: &'static Function,
        member: bool,
        types: Vec<Type>,
        places: &[Offset],
    ) {
        let t = self
            .overload(expr, function, member, types, places)
            .unwrap_or(Type::Error);
        self.set(expr, t);
    }

    fn overload(
        &mut self,
        expr: &Expr,
        function: &'static Function,
        member: bool,
        mut types: Vec<Type>,
        places: &[Offset],
    ) -> Option<Type> {
        if matches!(function.name, "_&&_" | "_||_") {
            let mut good = true;
            for (t, at) in types.iter().zip(places) {
                if !self.is_assignable(t, &Type::Bool) {
                    self.errors
                        .report(*at, format!("expected type 'bool' but found '{t}'"));
                    good = false;
                }
            }
            let id = function.overloads.first()?.id;
            self.found.overloads.insert(expr.id, vec![id]);
            return good.then_some(Type::Bool);
        }
        let mut result: Option<Type> = None;
        let mut ids = Vec::new();
        for overload in function.overloads.iter().filter(|o| o.member == member) {
            let (args, returned) = self.instantiate(overload);
            if !self.are_assignable(&types, &args) {
                continue;
            }
            ids.push(overload.id);
            let returned = self.substitute(&returned, false);
            result = Some(match result {
                None => returned,
                Some(t) if t.is_dyn() || t == returned => t,
                Some(_) => Type::Dyn,
            });
        }
        if result.is_none() {
            for t in &mut types {
                *t = self.substitute(t, true);
            }
            let signature = signature(&types, member);
            self.errors.report(
                expr.at,
                format!(
                    "found no matching overload for '{}' applied to '{signature}'",
                    function.name
                ),
            );
            return None;
        }
        self.found.overloads.insert(expr.id, ids);
        result
    }

    fn instantiate(&mut self, overload: &Overload) -> (Vec<Type>, Type) {
        if overload.params == 0 {
            return (overload.args.clone(), overload.result.clone());
        }
        let first = self.substitutions.len() as u32;
        for _ in 0..overload.params {
            self.fresh();
        }
        let args = overload.args.iter().map(|t| shift(t, first)).collect();
        (args, shift(&overload.result, first))
    }

    fn fresh(&mut self) -> Type {
        self.substitutions.push(None);
        Type::Param(self.substitutions.len() as u32 - 1)
    }

    /// The type of what stands as optional element, which must be an optional.
    fn unwrap(&mut self, expr: &Expr) -> Type {
        match self.get(expr) {
            Type::Optional(inner) => (*inner).clone(),
            other => {
                if !other.is_dyn() {
                    self.errors.report(
                        expr.at,
                        format!("expected type 'optional_type({other})' but found '{other}'"),
                    );
                }
                other
            }
        }
    }

    /// Elements of different types make a list of `dyn`; a validator refuses it later.
    fn join(&mut self, before: Option<Type>, next: Type) -> Type {
        match before {
            None => next,
            Some(before) if self.is_assignable(&before, &next) => self.most_general(before, next),
            Some(_) => Type::Dyn,
        }
    }

    fn check_list(&mut self, expr: &mut Expr) {
        let Kind::List(elements) = &mut expr.kind else {
            return;
        };
        let mut joined = None;
        for (element, optional) in elements {
            self.check(element);
            let t = if *optional {
                self.unwrap(element)
            } else {
                self.get(element)
            };
            joined = Some(self.join(joined, t));
        }
        let element = match joined {
            Some(t) => t,
            None => self.fresh(),
        };
        self.set(expr, Type::list(element));
    }

    fn check_map(&mut self, expr: &mut Expr) {
        let Kind::Map(entries) = &mut expr.kind else {
            return;
        };
        let (mut key, mut value) = (None, None);
        for entry in entries {
            self.check(&mut entry.key);
            let t = self.get(&entry.key);
            key = Some(self.join(key, t));
            self.check(&mut entry.value);
            let t = if entry.optional {
                self.unwrap(&entry.value)
            } else {
                self.get(&entry.value)
            };
            value = Some(self.join(value, t));
        }
        let (key, value) = match (key, value) {
            (Some(key), Some(value)) => (key, value),
            _ => (self.fresh(), self.fresh()),
        };
        self.set(expr, Type::map(key, value));
    }

    fn check_struct(&mut self, expr: &mut Expr) {
        let at = expr.at;
        let Kind::Struct { name, fields } = &mut expr.kind else {
            return;
        };
        let Some((t, named)) = self.lookup(name) else {
            let name = name.clone();
            self.undeclared(at, &name);
            return self.set(expr, Type::Error);
        };
        let object = match named {
            None => {
                let shown = t.declared();
                self.errors.report(at, format!("'{shown}' is not a type"));
                Type::Error
            }
            Some(t @ (Type::Object(_) | Type::Timestamp | Type::Duration | Type::Null)) => t,
            Some(other) => {
                self.errors
                    .report(at, format!("'{}' is not a message type", other.declared()));
                Type::Error
            }
        };
        let type_name = match &object {
            Type::Error => name.clone(),
            other => other.name().to_owned(),
        };
        for field in fields {
            self.check(&mut field.value);
            let expected = if self.environment.object(&type_name).is_none() {
                self.errors.report(
                    field.at,
                    format!("unexpected failed resolution of '{type_name}'"),
                );
                Type::Error
            } else if let Some(t) = self.environment.field(&type_name, &field.name) {
                t
            } else {
                self.errors
                    .report(field.at, format!("undefined field '{}'", field.name));
                Type::Error
            };
            let given = if field.optional {
                self.unwrap(&field.value)
            } else {
                self.get(&field.value)
            };
            if !self.is_assignable(&expected, &given) {
                self.errors.report(
                    field.at,
                    format!(
                        "expected type of field '{}' is '{expected}' but provided type is '{given}'",
                        field.name
                    ),
                );
            }
        }
        self.set(expr, object);
    }

    fn check_fold(&mut self, expr: &mut Expr) {
        let Kind::Fold(fold) = &mut expr.kind else {
            return;
        };
        self.check(&mut fold.range);
        self.check(&mut fold.init);
        let accumulator = self.get(&fold.init);
        let range = self.get(&fold.range);
        let range = self.substitute(&range, false);
        let two = fold.second.is_some();
        let (first, second) = match &range {
            Type::List(element) if two => (Type::Int, (**element).clone()),
            Type::List(element) => ((**element).clone(), Type::Error),
            Type::Map(key, value) => ((**key).clone(), (**value).clone()),
            Type::Dyn | Type::Error | Type::Param(_) => {
                self.is_assignable(&Type::Dyn, &range);
                (Type::Dyn, Type::Dyn)
            }
            other => {
                self.errors.report(
                    fold.range.at,
                    format!(
                        "expression of type '{other}' cannot be range of a comprehension (must be list, map, or dynamic)"
                    ),
                );
                (Type::Error, Type::Error)
            }
        };
        self.scopes
            .push((fold.accumulator.clone(), accumulator.clone()));
        let outer = self.scopes.len();
        self.scopes.push((fold.var.clone(), first));
        if let Some(name) = &fold.second {
            self.scopes.push((name.clone(), second));
        }
        self.check(&mut fold.condition);
        self.assert(&fold.condition, &Type::Bool);
        self.check(&mut fold.step);
        self.assert(&fold.step, &accumulator);
        self.scopes.truncate(outer);
        self.check(&mut fold.result);
        self.scopes.pop();
        let t = self.get(&fold.result);
        let t = self.substitute(&t, false);
        self.set(expr, t);
    }

    fn assert(&mut self, expr: &Expr, expected: &Type) {
        let found = self.get(expr);
        if !self.is_assignable(expected, &found) {
            self.errors.report(
                expr.at,
                format!("expected type '{expected}' but found '{found}'"),
            );
        }
    }

    // Unification.

    fn is_assignable(&mut self, to: &Type, from: &Type) -> bool {
        let mark = self.trail.len();
        let fits = self.assignable(to, from);
        self.settle(mark, fits)
    }

    fn are_assignable(&mut self, to: &[Type], from: &[Type]) -> bool {
        let mark = self.trail.len();
        let fits = to.len() == from.len()
            && to
                .iter()
                .zip(from)
                .all(|(to, from)| self.assignable(to, from));
        self.settle(mark, fits)
    }

    /// Keeps the substitutions made since, or takes them back.
    fn settle(&mut self, mark: usize, keep: bool) -> bool {
        while !keep && self.trail.len() > mark {
            if let Some((param, before)) = self.trail.pop() {
                self.substitutions[param as usize] = before;
            }
        }
        self.trail.truncate(mark);
        keep
    }

    fn put(&mut self, param: u32, t: Type) {
        let before = self.substitutions[param as usize].replace(t);
        self.trail.push((param, before));
    }

    fn assignable(&mut self, a: &Type, b: &Type) -> bool {
        if !self.spend() {
            return false;
        }
        if let Type::Param(param) = b {
            let (valid, known) = self.fits(a, *param);
            if valid || known {
                return valid;
            }
        }
        if let Type::Param(param) = a {
            return self.fits(b, *param).0;
        }
        if a.is_dyn_or_error() || b.is_dyn_or_error() {
            return true;
        }
        match (a, b) {
            (Type::Null, other) | (other, Type::Null) => matches!(
                other,
                Type::Null
                    | Type::Optional(_)
                    | Type::Opaque(_)
                    | Type::Object(_)
                    | Type::Duration
                    | Type::Timestamp
            ),
            (Type::List(a), Type::List(b)) | (Type::Optional(a), Type::Optional(b)) => {
                self.assignable(a, b)
            }
            (Type::Map(ak, av), Type::Map(bk, bv)) => {
                self.assignable(ak, bk) && self.assignable(av, bv)
            }
            (Type::Type(_), Type::Type(_)) => true,
            (Type::Object(a), Type::Object(b)) | (Type::Opaque(a), Type::Opaque(b)) => a == b,
            _ => std::mem::discriminant(a) == std::mem::discriminant(b) && scalar(a),
        }
    }

    /// Whether a parameter may stand for a type, and whether it stands for one already.
    fn fits(&mut self, t: &Type, param: u32) -> (bool, bool) {
        if *t == Type::Param(param) {
            return (true, true);
        }
        if let Some(known) = self.substitutions[param as usize].clone() {
            if let (Type::Param(a), Type::Param(b)) = (t, &known)
                && a == b
            {
                return (true, true);
            }
            if self.assignable(t, &known) {
                let general = self.most_general(t.clone(), known);
                if self.absent(param, &general) {
                    self.put(param, general);
                }
                return (true, true);
            }
            return (false, true);
        }
        if self.absent(param, t) {
            self.put(param, t.clone());
            return (true, false);
        }
        (false, false)
    }

    /// Whether a parameter does not occur in a type.
    fn absent(&mut self, param: u32, t: &Type) -> bool {
        if !self.spend() {
            return false;
        }
        match t {
            Type::Param(other) if *other == param => false,
            Type::Param(other) => match self.substitutions[*other as usize].clone() {
                Some(known) => self.absent(param, &known),
                None => true,
            },
            Type::Type(_) => true,
            other => other
                .parameters()
                .into_iter()
                .flatten()
                .all(|inner| self.absent(param, inner)),
        }
    }

    fn most_general(&mut self, a: Type, b: Type) -> Type {
        if self.less_specific(&a, &b) { a } else { b }
    }

    fn less_specific(&mut self, a: &Type, b: &Type) -> bool {
        if !self.spend() {
            return true;
        }
        if a.is_dyn() || matches!(a, Type::Param(_)) {
            return true;
        }
        if b.is_dyn() || matches!(b, Type::Param(_)) {
            return false;
        }
        match (a, b) {
            (Type::List(a), Type::List(b)) | (Type::Optional(a), Type::Optional(b)) => {
                self.less_specific(a, b)
            }
            (Type::Map(ak, av), Type::Map(bk, bv)) => {
                self.less_specific(ak, bk) && self.less_specific(av, bv)
            }
            (Type::Type(_), Type::Type(_)) => true,
            (Type::Object(a), Type::Object(b)) | (Type::Opaque(a), Type::Opaque(b)) => a == b,
            _ => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }

    fn substitute(&mut self, t: &Type, open_to_dyn: bool) -> Type {
        if !self.spend() {
            return Type::Error;
        }
        match t {
            Type::Param(param) => match self.substitutions[*param as usize].clone() {
                Some(known) => self.substitute(&known, open_to_dyn),
                None if open_to_dyn => Type::Dyn,
                None => t.clone(),
            },
            Type::List(inner) => Type::list(self.substitute(inner, open_to_dyn)),
            Type::Optional(inner) => Type::optional(self.substitute(inner, open_to_dyn)),
            Type::Map(key, value) => Type::map(
                self.substitute(key, open_to_dyn),
                self.substitute(value, open_to_dyn),
            ),
            Type::Type(Some(inner)) => {
                Type::Type(Some(Arc::new(self.substitute(inner, open_to_dyn))))
            }
            other => other.clone(),
        }
    }
}

fn scalar(t: &Type) -> bool {
    matches!(
        t,
        Type::Bool
            | Type::Int
            | Type::Uint
            | Type::Double
            | Type::String
            | Type::Bytes
            | Type::Timestamp
            | Type::Duration
    )
}

/// Renumbers the parameters of an overload.
fn shift(t: &Type, first: u32) -> Type {
    match t {
        Type::Param(n) => Type::Param(n + first),
        Type::List(inner) => Type::list(shift(inner, first)),
        Type::Optional(inner) => Type::optional(shift(inner, first)),
        Type::Map(key, value) => Type::map(shift(key, first), shift(value, first)),
        Type::Type(Some(inner)) => Type::Type(Some(Arc::new(shift(inner, first)))),
        other => other.clone(),
    }
}

fn signature(types: &[Type], member: bool) -> String {
    let shown: Vec<String> = types.iter().map(Type::to_string).collect();
    match shown.split_first() {
        Some((receiver, rest)) if member => format!("{receiver}.({})", rest.join(", ")),
        _ => format!("({})", shown.join(", ")),
    }
}
