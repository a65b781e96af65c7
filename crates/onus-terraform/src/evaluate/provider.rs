//! Provider configurations: the Region and the tags that they give to resources.

use std::rc::Rc;
use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{Map, Node, Reason, Span, Unknown, Value};

use super::instance::{ModuleInstance, Repetition};
use super::{Run, Scope};
use crate::choice;
use crate::syntax::{Body, Expr, ExprKind, Step};

/// What a provider configuration says about the resources under it.
#[derive(Clone, Debug)]
pub(crate) struct Provider {
    /// The Region, as far as it is known.
    pub(super) region: Node,
    /// The configuration is that of the root module without an alias.
    pub(super) is_root_default: bool,
    /// `default_tags`.
    tags: Option<Node>,
}

impl Provider {
    /// Adds the tags that the provider gives to every resource; those of the resource win.
    pub(super) fn tag(&self, map: &mut Map) {
        let Some(tags) = self.tags.clone() else { return };
        let own = map.entries.get("tags").cloned().unwrap_or_default();
        let span = if own.is_absent() { tags.span } else { own.span };
        let merged = choice::over(&[tags, own], span, &mut |nodes| {
            let mut all = Map::default();
            for node in nodes {
                match &node.value {
                    Value::Map(map) => {
                        let entries = map.entries.iter();
                        all.entries.extend(entries.map(|(key, tag)| (key.clone(), tag.clone())));
                        all.rest = all.rest.or_else(|| map.rest.clone());
                    }
                    Value::Unknown(unknown) => all.rest = Some(unknown.clone()),
                    _ => {}
                }
            }
            Ok(Node::new(Value::Map(Arc::new(all)), span))
        });
        if let Ok(merged) = merged {
            map.entries.insert("tags".into(), merged);
        }
    }
}

impl Run<'_> {
    /// The provider configuration of a resource of type `kind`.
    pub(super) fn provider_of(
        &self,
        module: &Rc<ModuleInstance>,
        kind: &str,
        body: &Body,
    ) -> Option<Rc<Provider>> {
        let named = body.attribute("provider").and_then(|own| provider_key(&own.value));
        let key = named.unwrap_or_else(|| kind.split('_').next().unwrap_or(kind).into());
        self.provider(module, &key)
    }

    /// The provider configuration that `key` (`aws`, `aws.west`) means in a module.
    pub(super) fn provider(&self, module: &Rc<ModuleInstance>, key: &str) -> Option<Rc<Provider>> {
        let passed = || {
            let (caller, call) = module.caller.as_ref()?;
            let outer = self.passed(caller, call, key)?;
            self.provider(caller, &outer)
        };
        let Some(block) = module.module.providers.get(key) else { return passed() };
        module.providers.get(key, || {
            let repetition = Repetition::default();
            let scope = Scope { module, repetition: &repetition, frame: None, closed: false };
            let evaluate = |body: &Body, name: &str| {
                body.attribute(name)
                    .map(|own| self.settled(self.evaluate(&own.value, &scope), name, own.span))
            };
            let tags =
                block.body.block("default_tags").and_then(|tags| evaluate(&tags.body, "tags"));
            Rc::new(Provider {
                region: evaluate(&block.body, "region")
                    .unwrap_or_else(|| no_region(key, block.span)),
                is_root_default: module.caller.is_none() && !key.contains('.'),
                tags,
            })
        })
    }

    /// The caller's name for the provider that a module knows as `key`.
    fn passed(&self, caller: &ModuleInstance, call: &str, key: &str) -> Option<EcoString> {
        let call = caller.module.calls.get(call)?;
        let listed = call.body.attribute("providers").and_then(|list| match &list.value.kind {
            ExprKind::Object(entries) => entries.iter().find_map(|(inner, outer)| {
                (provider_key(inner)? == key).then(|| provider_key(outer)).flatten()
            }),
            _ => None,
        });
        listed.or_else(|| (!key.contains('.')).then(|| key.into()))
    }
}

/// The Region when no provider configuration says one.
pub(super) fn no_region(key: &str, span: Span) -> Node {
    Node::unknown(Unknown::set(Reason::Input, eco_format!("the region of provider {key}")), span)
}

/// `aws` or `aws.west`, as written in a configuration.
fn provider_key(expression: &Expr) -> Option<EcoString> {
    match &expression.kind {
        ExprKind::Name(name) | ExprKind::Text(name) => Some(name.clone()),
        ExprKind::Parens(inner) => provider_key(inner),
        ExprKind::Traversal(of, steps) => match (&of.kind, steps.as_slice()) {
            (ExprKind::Name(name), [Step::Attribute(alias)]) => Some(eco_format!("{name}.{alias}")),
            _ => None,
        },
        _ => None,
    }
}
