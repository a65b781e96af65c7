//! The functions, methods, macros and relations of the language, each with its types.

use ecow::{EcoString, eco_format};

use super::{Checker, Typed, suggestion};
use crate::ast::{Expr, Kind};
use crate::mistake::Mistake;
use crate::program::{Followed, Id, Op, Pattern, Relation};
use crate::types::Type;

/// How a call is written, for "did you mean" and for calls in the wrong form.
const FORMS: [(&str, &str); 24] = [
    ("all", "xs.all(x, …)"),
    ("cidr_contains", "cidr_contains(outer, inner)"),
    ("contains", "text.contains(part)"),
    ("endsWith", "text.endsWith(part)"),
    ("estate", "estate(\"AWS::Service::Type\")"),
    ("exists", "xs.exists(x, …)"),
    ("filter", "xs.filter(x, …)"),
    ("has", "has(x)"),
    ("is_any_address", "is_any_address(cidr)"),
    ("is_literal", "is_literal(text)"),
    ("is_private_address", "is_private_address(cidr)"),
    ("lowerAscii", "text.lowerAscii()"),
    ("map", "xs.map(x, …)"),
    ("matches", "text.matches(r\"pattern\")"),
    ("passed", "passed(\"service/table\", text)"),
    ("prefix_length", "prefix_length(cidr)"),
    ("referrers", "referrers(\"AWS::Service::Type\")"),
    ("refers_to", "refers_to(text, \"AWS::Service::Type\")"),
    ("size", "size(xs)"),
    ("startsWith", "text.startsWith(part)"),
    ("target", "target(fact, \"AWS::Service::Type\")"),
    ("targets", "targets(fact, \"AWS::Service::Type\")"),
    ("version_at_least", "version_at_least(text, \"1.2.3\")"),
    ("version_below", "version_below(text, \"1.2.3\")"),
];

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        on: Option<&Expr>,
        name: &EcoString,
        arguments: &[Expr],
        at: u32,
    ) -> Option<Typed> {
        match (on, name.as_str(), arguments) {
            (Some(list), "exists", [x, body]) => self.quantifier(list, x, body, true),
            (Some(list), "all", [x, body]) => self.quantifier(list, x, body, false),
            (Some(list), "filter", [x, body]) => self.filter(list, x, body),
            (Some(list), "map", [x, body]) => self.map(list, x, body),
            (Some(of), "size", []) | (None, "size", [of]) => self.size(of),
            (Some(text), "startsWith", [part]) => self.texts(text, part, Op::StartsWith),
            (Some(text), "endsWith", [part]) => self.texts(text, part, Op::EndsWith),
            (Some(text), "contains", [part]) => self.contains(text, part),
            (Some(text), "matches", [pattern]) => self.matches(text, pattern),
            (Some(text), "lowerAscii", []) | (None, "lowerAscii", [text]) => {
                self.of_text(text, Op::LowerAscii, Type::String)
            }
            (None, "has", [of]) => self.has(of),
            (None, "is_literal", [text]) => self.of_text(text, Op::IsLiteral, Type::Bool),
            (None, "prefix_length", [text]) => self.of_text(text, Op::PrefixLength, Type::Number),
            (None, "is_any_address", [text]) => self.of_text(text, Op::IsAnyAddress, Type::Bool),
            (None, "is_private_address", [text]) => {
                self.of_text(text, Op::IsPrivateAddress, Type::Bool)
            }
            (None, "cidr_contains", [outer, inner]) => self.texts(outer, inner, Op::CidrContains),
            (None, "version_at_least", [text, wanted]) => {
                self.version(text, wanted, |text, wanted| Op::VersionAtLeast { text, wanted })
            }
            (None, "version_below", [text, wanted]) => {
                self.version(text, wanted, |text, wanted| Op::VersionBelow { text, wanted })
            }
            (None, "passed", [table, text]) => self.passed(table, text),
            (of, "referrers", [type_name]) => self.referrers(of, type_name),
            (None, "estate", [type_name]) => self.estate(type_name),
            (None, "target", [fact, type_name]) => self.target(fact, type_name, false),
            (None, "targets", [fact, type_name]) => self.target(fact, type_name, true),
            (None, "refers_to", [text, type_name]) => self.refers_to(text, type_name),
            _ => self.wrong_call(name, at),
        }
    }

    fn wrong_call(&mut self, name: &EcoString, at: u32) -> Option<Typed> {
        if let Some((_, form)) = FORMS.into_iter().find(|(known, _)| known == name) {
            let mistake = Mistake::new(at, format!("`{name}` is not called like this"));
            return self.mistake(mistake.help(eco_format!("write {form}")));
        }
        let names: Vec<EcoString> = FORMS.into_iter().map(|(known, _)| known.into()).collect();
        let help = suggestion(name, &names, "functions");
        self.mistake(Mistake::new(at, format!("there is no function `{name}`")).help(help))
    }

    /// The list and the type of its elements.
    fn elements(&mut self, list: &Expr) -> Option<Typed> {
        match self.expression(list)? {
            (id, Type::List(of)) => Some((id, *of)),
            (_, found) => self.mistake(Mistake::new(
                list.at,
                format!("a list is needed here, this is a {found}"),
            )),
        }
    }

    /// Checks `body` with `x` bound to an element of type `of`.
    fn with_bound<T>(
        &mut self,
        x: &Expr,
        of: &Type,
        body: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let Some(name) = x.as_name() else {
            return self.mistake(Mistake::new(x.at, "a name for the element is needed here"));
        };
        let taken = self.bound.iter().any(|(bound, _)| bound == name)
            || self.schema.fact(self.type_index, name).is_some();
        if taken {
            return self.mistake(
                Mistake::new(x.at, format!("`{name}` already means something here"))
                    .help("choose another name for the element"),
            );
        }
        self.bound.push((name.clone(), of.clone()));
        let result = body(self);
        self.bound.pop();
        result
    }

    fn quantifier(&mut self, list: &Expr, x: &Expr, body: &Expr, exists: bool) -> Option<Typed> {
        let (list, of) = self.elements(list)?;
        let body = self.with_bound(x, &of, |checker| checker.expect(body, &Type::Bool))?;
        let op = if exists { Op::Exists { list, body } } else { Op::All { list, body } };
        Some((self.push(op)?, Type::Bool))
    }

    fn filter(&mut self, list: &Expr, x: &Expr, body: &Expr) -> Option<Typed> {
        let (list, of) = self.elements(list)?;
        let body = self.with_bound(x, &of, |checker| checker.expect(body, &Type::Bool))?;
        Some((self.push(Op::Filter { list, body })?, Type::List(Box::new(of))))
    }

    fn map(&mut self, list: &Expr, x: &Expr, body: &Expr) -> Option<Typed> {
        let (list, of) = self.elements(list)?;
        let at = body.at;
        let (body, to) = self.with_bound(x, &of, |checker| checker.expression(body))?;
        let written = matches!(
            self.ops.get(usize::from(body)),
            Some(Op::Fact { .. } | Op::FactOf { .. } | Op::Field { .. } | Op::Bound(_))
        );
        if matches!(to, Type::List(_)) && !written {
            return self.mistake(
                Mistake::new(at, "map cannot make lists of computed lists")
                    .help("nest the question instead: xs.exists(x, x.ys.exists(y, …))"),
            );
        }
        Some((self.push(Op::Map { list, body })?, Type::List(Box::new(to))))
    }

    fn size(&mut self, of: &Expr) -> Option<Typed> {
        let at = of.at;
        let op = match self.expression(of)? {
            (id, Type::String) => Op::SizeOfText(id),
            (id, Type::List(_)) => Op::SizeOfList(id),
            (_, found) => {
                let message = format!("a list or a string has a size, a {found} has none");
                return self.mistake(Mistake::new(at, message));
            }
        };
        Some((self.push(op)?, Type::Number))
    }

    fn of_text(&mut self, text: &Expr, op: fn(Id) -> Op, result: Type) -> Option<Typed> {
        let text = self.expect(text, &Type::String)?;
        Some((self.push(op(text))?, result))
    }

    fn texts(&mut self, a: &Expr, b: &Expr, op: fn(Id, Id) -> Op) -> Option<Typed> {
        let (a, b) = (self.expect(a, &Type::String), self.expect(b, &Type::String));
        Some((self.push(op(a?, b?))?, Type::Bool))
    }

    fn contains(&mut self, text: &Expr, part: &Expr) -> Option<Typed> {
        let (id, found) = self.expression(text)?;
        if matches!(found, Type::List(_)) {
            return self.mistake(
                Mistake::new(text.at, "contains looks into text, and this is a list")
                    .help("write `element in list`"),
            );
        }
        if found != Type::String {
            let message = format!("a string is needed here, this is a {found}");
            return self.mistake(Mistake::new(text.at, message));
        }
        let part = self.expect(part, &Type::String)?;
        Some((self.push(Op::Contains(id, part))?, Type::Bool))
    }

    fn matches(&mut self, text: &Expr, pattern: &Expr) -> Option<Typed> {
        let text = self.expect(text, &Type::String)?;
        let Some(written) = pattern.as_text() else {
            return self
                .mistake(Mistake::new(pattern.at, "a pattern has to be written out as text"));
        };
        match Pattern::new(written) {
            Ok(compiled) => {
                let index = u16::try_from(self.patterns.len()).ok()?;
                self.patterns.push(compiled);
                Some((self.push(Op::Matches { text, pattern: index })?, Type::Bool))
            }
            Err(reason) => {
                let reason = reason.lines().last().unwrap_or("").trim_start_matches("error: ");
                self.mistake(
                    Mistake::new(pattern.at, format!("the pattern cannot be used: {reason}")).help(
                        "patterns are those of the Rust crate regex (RE2's, without look-around)",
                    ),
                )
            }
        }
    }

    fn version(
        &mut self,
        text: &Expr,
        wanted: &Expr,
        op: fn(Id, EcoString) -> Op,
    ) -> Option<Typed> {
        let text = self.expect(text, &Type::String)?;
        match wanted.as_text() {
            Some(wanted) if crate::version::is_plain(wanted) => {
                Some((self.push(op(text, wanted.clone()))?, Type::Bool))
            }
            _ => self.mistake(
                Mistake::new(wanted.at, "a version is needed here, as text of numbers and dots")
                    .help("write it like \"8.0.35\""),
            ),
        }
    }

    fn passed(&mut self, table: &Expr, text: &Expr) -> Option<Typed> {
        let text = self.expect(text, &Type::String)?;
        let Some(dates) = table.as_text().and_then(|name| self.schema.dates(name)) else {
            return self.mistake(
                Mistake::new(table.at, "there is no such dated table")
                    .help("name one of a service's `dates:`, as \"lambda/runtime-deprecation\""),
            );
        };
        let dates = dates.into();
        Some((self.push(Op::Passed { text, dates })?, Type::Bool))
    }

    fn has(&mut self, of: &Expr) -> Option<Typed> {
        let asked = match &of.kind {
            Kind::Name(_) | Kind::Field(..) => true,
            Kind::Call { on: None, name, .. } => name == "target",
            _ => false,
        };
        if !asked {
            return self.mistake(
                Mistake::new(of.at, "has asks of a fact, a field or a target whether it is set")
                    .help("of a list ask size(xs) > 0"),
            );
        }
        let (id, _) = self.expression(of)?;
        Some((self.push(Op::Has(id))?, Type::Bool))
    }

    fn resource_type(&mut self, type_name: &Expr) -> Option<u32> {
        let Some(name) = type_name.as_text() else {
            return self.mistake(
                Mistake::new(type_name.at, "a resource type has to be written out as text")
                    .help("write it like \"AWS::S3::Bucket\""),
            );
        };
        if let Some(index) = self.schema.type_index(name) {
            return Some(index);
        }
        self.mistake(
            Mistake::new(type_name.at, format!("the catalog has no type `{name}` with facts"))
                .help(
                    "types are named as CloudFormation names them; declare it in its service.yaml",
                ),
        )
    }

    fn referrers(&mut self, of: Option<&Expr>, type_name: &Expr) -> Option<Typed> {
        let of = match of {
            None => None,
            Some(expr) => Some(self.resource(expr)?.0),
        };
        let type_index = self.resource_type(type_name)?;
        self.relations.insert((Relation::Referrers, type_index));
        let id = self.push(Op::Referrers { of, type_index })?;
        Some((id, Type::List(Box::new(Type::Resource(type_index)))))
    }

    fn resource(&mut self, expr: &Expr) -> Option<(Id, u32)> {
        match self.expression(expr)? {
            (id, Type::Resource(type_index)) => Some((id, type_index)),
            (_, found) => self.mistake(Mistake::new(
                expr.at,
                format!("only resources have referrers, and this is a {found}"),
            )),
        }
    }

    fn estate(&mut self, type_name: &Expr) -> Option<Typed> {
        let type_index = self.resource_type(type_name)?;
        self.relations.insert((Relation::Estate, type_index));
        let id = self.push(Op::Estate { type_index })?;
        Some((id, Type::List(Box::new(Type::Resource(type_index)))))
    }

    fn refers_to(&mut self, text: &Expr, type_name: &Expr) -> Option<Typed> {
        let text = self.expect(text, &Type::String)?;
        let type_index = self.resource_type(type_name)?;
        Some((self.push(Op::RefersTo { text, type_index })?, Type::Bool))
    }

    fn target(&mut self, fact: &Expr, type_name: &Expr, many: bool) -> Option<Typed> {
        let (id, _) = self.expression(fact)?;
        let (of, slot, name) = match self.ops.get(usize::from(id)) {
            Some(Op::Fact { slot, name }) => (None, *slot, name.clone()),
            Some(Op::FactOf { of, slot, name }) => (Some(*of), *slot, name.clone()),
            _ => {
                return self.mistake(
                    Mistake::new(fact.at, "a target is asked of a fact as a whole")
                        .help("write the name of the fact that holds the reference"),
                );
            }
        };
        let type_index = self.resource_type(type_name)?;
        self.relations.insert((Relation::Target, type_index));
        let resource = Type::Resource(type_index);
        let fact = Followed { slot, name, type_index };
        if many {
            let id = self.push(Op::Targets { of, fact })?;
            return Some((id, Type::List(Box::new(resource))));
        }
        Some((self.push(Op::Target { of, fact })?, resource))
    }
}
