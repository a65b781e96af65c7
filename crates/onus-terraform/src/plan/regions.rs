//! The Regions of the providers that a plan configures.

use onus_model::{Node, Span};
use rustc_hash::FxHashMap;

use super::configuration::{Configuration, Expression};
use super::document::Document;

/// Regions by provider, each worked out once.
pub(super) struct Regions<'c, 'a> {
    configuration: &'c Configuration<'a>,
    document: &'c Document<'a>,
    span: Span,
    known: FxHashMap<&'c str, Option<Node>>,
}

impl<'c, 'a> Regions<'c, 'a> {
    /// Those of this plan.
    pub(super) fn new(
        configuration: &'c Configuration<'a>,
        document: &'c Document<'a>,
        span: Span,
    ) -> Regions<'c, 'a> {
        Regions { configuration, document, span, known: FxHashMap::default() }
    }

    /// The Region of a provider, by its key: `aws`, `aws.west`, `module.m:aws`.
    pub(super) fn of(&mut self, key: &'c str) -> Option<Node> {
        if let Some(known) = self.known.get(key) {
            return known.clone();
        }
        let region = self.read(key);
        self.known.insert(key, region.clone());
        region
    }

    fn read(&self, key: &str) -> Option<Node> {
        // A module without a provider block of its own uses that of its caller.
        let plain = key.rsplit_once(':').map_or(key, |(_, plain)| plain);
        let providers = &self.configuration.provider_config;
        let provider = providers.get(key).or_else(|| providers.get(plain))?;
        match provider.expressions.field("region")? {
            Expression::Text(region) => Some(Node::string(region.as_str(), self.span)),
            Expression::References(names) => {
                let variable = names.iter().find_map(|name| name.as_str().strip_prefix("var."))?;
                let value = self.document.variables.as_ref()?.get(variable)?.value?;
                let region: String = serde_json::from_str(value.get()).ok()?;
                Some(Node::string(region, self.span))
            }
            _ => None,
        }
    }
}
