//! Resources and data sources: their instances and what can be said of each.

use std::rc::Rc;
use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{Map, Node, RawResource, Reason, Reference, Span, Unknown, Value};

use super::instance::{Memo, ModuleInstance, Repetition, presence};
use super::members::{Kind, Members};
use super::{Evaluated, Run, Scope, refuse};
use crate::policy_document;
use crate::syntax::{Block, Expr, ExprKind, Step};

/// All instances of a resource or data source.
pub(crate) struct Expansion {
    pub(super) members: Members,
    values: Memo<Node>,
    /// Attributes of all instances, as `[*]` gives them: configurations ask for them once an instance.
    splats: Memo<Node>,
}

impl Run<'_> {
    /// The value of `kind.name`: an object, or a list or map of them.
    pub(super) fn resource(
        &self,
        module: &Rc<ModuleInstance>,
        kind: &str,
        name: &str,
        span: Span,
    ) -> Evaluated {
        let expansion = self.resource_expansion(module, kind, name, span)?;
        self.whole(&expansion.members, span, &mut |index| {
            Ok(self.resource_value(module, &expansion, kind, name, index))
        })
    }

    /// The value of `kind.name[key]`, without that of the other instances.
    pub(super) fn resource_at(
        &self,
        module: &Rc<ModuleInstance>,
        (kind, name): (&str, &str),
        key: Node,
        span: Span,
    ) -> Evaluated {
        let expansion = self.resource_expansion(module, kind, name, span)?;
        if expansion.members.kind == Kind::Single {
            return self.index(self.resource_value(module, &expansion, kind, name, 0), key, span);
        }
        self.select(&expansion.members, key, span, &mut |index| {
            Ok(self.resource_value(module, &expansion, kind, name, index))
        })
    }

    /// The value of `kind.name[*].a.b`.
    pub(super) fn resource_splat(
        &self,
        scope: &Scope<'_>,
        (kind, name): (&str, &str),
        steps: &[Step],
        span: Span,
    ) -> Evaluated {
        let expansion = self.resource_expansion(scope.module, kind, name, span)?;
        let attributes = steps.iter().filter_map(|step| match step {
            Step::Attribute(name) => Some(name.as_str()),
            _ => None,
        });
        let path = attributes.collect::<Vec<_>>().join(".");
        let mut refused = None;
        let made = expansion.splats.get(&path, || {
            let whole = self.resource(scope.module, kind, name, span);
            let all = whole.and_then(|whole| self.steps(whole, steps, span, scope));
            all.unwrap_or_else(|error| {
                refused = Some(error);
                Node::default()
            })
        });
        match (refused, made) {
            (Some(error), _) => {
                expansion.splats.forget(&path);
                Err(error)
            }
            (None, Some(node)) => Ok(node),
            (None, None) => Ok(self.cycle(&scope.module.full(&eco_format!("{kind}.{name}")), span)),
        }
    }

    fn resource_expansion(
        &self,
        module: &Rc<ModuleInstance>,
        kind: &str,
        name: &str,
        span: Span,
    ) -> Evaluated<Rc<Expansion>> {
        let own = eco_format!("{kind}.{name}");
        let Some(block) = module.module.resources.get(&own) else {
            return refuse(eco_format!("there is no resource `{own}` in this module"), span);
        };
        self.expansion(module, &module.resources, own.clone(), own, block)
    }

    fn expansion(
        &self,
        module: &Rc<ModuleInstance>,
        memo: &Memo<Rc<Expansion>>,
        own: EcoString,
        shown: EcoString,
        block: &Block,
    ) -> Evaluated<Rc<Expansion>> {
        let address = module.full(&shown);
        let made = memo.get(&own, || {
            let repetition = Repetition::default();
            let scope = Scope { module, repetition: &repetition, frame: None, closed: false };
            let members = self.members(&block.body, &address, &scope);
            Rc::new(Expansion { members, values: Memo::default(), splats: Memo::default() })
        });
        made.map_or_else(
            || {
                refuse(
                    eco_format!("the number of instances of `{address}` depends on itself"),
                    block.span,
                )
            },
            Ok,
        )
    }

    /// One instance as an object whose other attributes only the provider knows.
    fn resource_value(
        &self,
        module: &Rc<ModuleInstance>,
        expansion: &Expansion,
        kind: &str,
        name: &str,
        index: usize,
    ) -> Node {
        let Some(block) = module.module.resources.get(&eco_format!("{kind}.{name}")) else {
            return Node::default();
        };
        self.instance_value(module, expansion, block, index, Reason::Computed)
    }

    fn instance_value(
        &self,
        module: &Rc<ModuleInstance>,
        expansion: &Expansion,
        block: &Block,
        index: usize,
        reason: Reason,
    ) -> Node {
        let Some(member) = expansion.members.list.get(index) else { return Node::default() };
        let address = &member.address;
        let made = expansion.values.get(address, || {
            let scope = Scope { module, repetition: member, frame: None, closed: false };
            let is_possible = member.possible.is_some() || module.presence.is_some();
            let node = self.while_possible(is_possible, || {
                self.resource_body(&block.body, block.span, &scope)
            });
            let mut map = node.as_map().cloned().unwrap_or_default();
            if reason == Reason::Lookup {
                self.answer(block, &node, &mut map, address, &scope);
            }
            map.rest = Some(Arc::new(Unknown::set(reason, address.clone())));
            let node = Node::new(Value::Map(Arc::new(map)), block.span);
            if reason == Reason::Lookup {
                return node;
            }
            let itself = Reference { target: address.clone(), attribute: EcoString::new() };
            node.with_references(&[itself])
        });
        made.unwrap_or_else(|| self.cycle(address, block.span))
    }

    /// The value of `data.kind.name`.
    pub(super) fn data(
        &self,
        module: &Rc<ModuleInstance>,
        kind: &str,
        name: &str,
        span: Span,
    ) -> Evaluated {
        let (expansion, block) = self.data_expansion(module, kind, name, span)?;
        self.whole(&expansion.members, span, &mut |index| {
            Ok(self.instance_value(module, &expansion, block, index, Reason::Lookup))
        })
    }

    /// The value of `data.kind.name[key]`.
    pub(super) fn data_at(
        &self,
        module: &Rc<ModuleInstance>,
        (kind, name): (&str, &str),
        key: Node,
        span: Span,
    ) -> Evaluated {
        let (expansion, block) = self.data_expansion(module, kind, name, span)?;
        if expansion.members.kind == Kind::Single {
            let value = self.instance_value(module, &expansion, block, 0, Reason::Lookup);
            return self.index(value, key, span);
        }
        self.select(&expansion.members, key, span, &mut |index| {
            Ok(self.instance_value(module, &expansion, block, index, Reason::Lookup))
        })
    }

    fn data_expansion<'m>(
        &self,
        module: &'m Rc<ModuleInstance>,
        kind: &str,
        name: &str,
        span: Span,
    ) -> Evaluated<(Rc<Expansion>, &'m Block)> {
        let own = eco_format!("{kind}.{name}");
        let Some(block) = module.module.data.get(&own) else {
            return refuse(eco_format!("there is no data source `{own}` in this module"), span);
        };
        let shown = eco_format!("data.{own}");
        Ok((self.expansion(module, &module.data, own, shown, block)?, block))
    }

    /// What a data source gives that follows from its arguments alone.
    fn answer(&self, block: &Block, given: &Node, map: &mut Map, address: &str, scope: &Scope<'_>) {
        match block.labels.first().map(EcoString::as_str) {
            Some("aws_iam_policy_document") => {
                let json = policy_document::render(given, &eco_format!("{address}.json"));
                map.entries.insert("minified_json".into(), json.clone());
                map.entries.insert("json".into(), json);
            }
            Some("template_file") => {
                if let Some(rendered) = self.template_file(given, scope) {
                    map.entries.insert("rendered".into(), rendered);
                }
            }
            _ => {}
        }
    }

    /// Every instance of a resource, for the result.
    pub(super) fn emit(
        &self,
        module: &Rc<ModuleInstance>,
        block: &Block,
        into: &mut Vec<RawResource>,
    ) -> Evaluated<()> {
        let [kind, name] = block.labels.as_slice() else { return Ok(()) };
        let expansion = self.resource_expansion(module, kind, name, block.span)?;
        let depends =
            self.depends_on(module, &block.body.attribute("depends_on").map(|on| &on.value));
        let provider = self.provider_of(module, kind, &block.body);
        for (index, member) in expansion.members.list.iter().enumerate() {
            let value = self.resource_value(module, &expansion, kind, name, index);
            let mut map = value.as_map().cloned().unwrap_or_default();
            map.rest = None;
            let own_region = map.entries.get("region").filter(|own| !own.is_absent()).cloned();
            if let Some(provider) = provider.as_deref().filter(|_| kind.starts_with("aws_")) {
                provider.tag(&mut map);
            }
            into.push(RawResource {
                address: member.address.clone(),
                native_type: kind.clone(),
                span: block.span,
                attributes: match &value.value {
                    Value::Unknown(_) => value.clone(),
                    _ => Node::new(Value::Map(Arc::new(map)), block.span),
                },
                presence: presence(module, member),
                region: own_region.filter(|_| kind.starts_with("aws_")).or_else(|| {
                    provider
                        .as_ref()
                        .filter(|own| !own.is_root_default)
                        .map(|own| own.region.clone())
                }),
                references: depends.clone(),
            });
        }
        Ok(())
    }

    /// The resources named in `depends_on`.
    fn depends_on(&self, module: &Rc<ModuleInstance>, list: &Option<&Expr>) -> Vec<Reference> {
        let Some(ExprKind::Tuple(items)) = list.map(|list| &list.kind) else { return Vec::new() };
        let mut references = Vec::new();
        for item in items {
            let ExprKind::Traversal(of, steps) = &item.kind else { continue };
            let (ExprKind::Name(kind), Some(Step::Attribute(name))) = (&of.kind, steps.first())
            else {
                continue;
            };
            let Ok(expansion) = self.resource_expansion(module, kind, name, item.span) else {
                continue;
            };
            references.extend(expansion.members.list.iter().map(|member| Reference {
                target: member.address.clone(),
                attribute: EcoString::new(),
            }));
        }
        references
    }
}
