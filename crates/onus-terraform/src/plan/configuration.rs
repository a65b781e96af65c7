//! The `configuration` of a plan: which expressions the values came from.

use std::borrow::{Borrow, Cow};
use std::fmt;

use rustc_hash::FxHashMap;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The configuration as a whole.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Configuration<'a> {
    /// Providers by key: `aws`, `aws.west`, `module.m:aws`.
    #[serde(borrow)]
    pub(super) provider_config: FxHashMap<Name<'a>, Provider<'a>>,
    /// The root module.
    #[serde(borrow)]
    pub(super) root_module: Module<'a>,
}

/// A provider block.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Provider<'a> {
    /// Its arguments.
    #[serde(borrow)]
    pub(super) expressions: Expression<'a>,
}

/// A module.
#[derive(Default, Deserialize)]
#[serde(default, from = "RawModule<'a>", bound(deserialize = "'de: 'a"))]
pub(super) struct Module<'a> {
    /// Its resources by address within the module: `aws_s3_bucket.b`.
    pub(super) resources: FxHashMap<Name<'a>, Resource<'a>>,
    /// Its calls of other modules, by name.
    pub(super) calls: FxHashMap<Name<'a>, ModuleCall<'a>>,
    /// Its outputs by name.
    pub(super) outputs: FxHashMap<Name<'a>, Output<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawModule<'a> {
    #[serde(borrow)]
    resources: Vec<Resource<'a>>,
    #[serde(borrow)]
    module_calls: FxHashMap<Name<'a>, ModuleCall<'a>>,
    #[serde(borrow)]
    outputs: FxHashMap<Name<'a>, Output<'a>>,
}

impl<'a> From<RawModule<'a>> for Module<'a> {
    fn from(raw: RawModule<'a>) -> Module<'a> {
        Module {
            resources: raw.resources.into_iter().map(|r| (r.address.clone(), r)).collect(),
            calls: raw.module_calls,
            outputs: raw.outputs,
        }
    }
}

/// A resource block.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Resource<'a> {
    #[serde(borrow)]
    address: Name<'a>,
    /// The provider that it uses, a key of [`Configuration::provider_config`].
    #[serde(borrow)]
    pub(super) provider_config_key: Name<'a>,
    /// Its arguments.
    #[serde(borrow)]
    pub(super) expressions: Expression<'a>,
    /// What its instances are made for.
    #[serde(borrow)]
    pub(super) for_each_expression: Expression<'a>,
    /// What it waits for.
    #[serde(borrow)]
    pub(super) depends_on: Vec<Name<'a>>,
}

/// A call of a module.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ModuleCall<'a> {
    /// Its arguments.
    #[serde(borrow)]
    pub(super) expressions: Expression<'a>,
    /// The module.
    #[serde(borrow)]
    pub(super) module: Option<Box<Module<'a>>>,
}

/// An output.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Output<'a> {
    /// Its value.
    #[serde(borrow)]
    pub(super) expression: Expression<'a>,
}

/// An expression, or blocks of them.
#[derive(Debug, Default)]
pub(super) enum Expression<'a> {
    /// None, or a constant that is no text.
    #[default]
    None,
    /// Constant text, kept where it is a Region.
    Text(Name<'a>),
    /// Made from these.
    References(Vec<Name<'a>>),
    /// A block's arguments.
    Fields(Vec<(Name<'a>, Expression<'a>)>),
    /// Blocks, or texts.
    Items(Vec<Expression<'a>>),
}

impl<'a> Expression<'a> {
    /// The argument of this name.
    pub(super) fn field(&self, name: &str) -> Option<&Expression<'a>> {
        self.fields().iter().find(|(own, _)| own.as_str() == name).map(|(_, expression)| expression)
    }

    /// The arguments of a block.
    pub(super) fn fields(&self) -> &[(Name<'a>, Expression<'a>)] {
        match self {
            Expression::Fields(fields) => fields,
            _ => &[],
        }
    }

    /// Every name that the expression and those below it refer to.
    pub(super) fn references<'e>(&'e self, all: &mut Vec<&'e str>) {
        match self {
            Expression::None | Expression::Text(_) => {}
            Expression::References(names) => all.extend(names.iter().map(Name::as_str)),
            Expression::Fields(fields) => fields.iter().for_each(|(_, e)| e.references(all)),
            Expression::Items(items) => items.iter().for_each(|e| e.references(all)),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Expression<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Expression<'a>, D::Error> {
        deserializer.deserialize_any(ExpressionVisitor(std::marker::PhantomData))
    }
}

struct ExpressionVisitor<'a>(std::marker::PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for ExpressionVisitor<'a> {
    type Value = Expression<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an expression")
    }

    fn visit_unit<E>(self) -> Result<Expression<'a>, E> {
        Ok(Expression::None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Expression<'a>, E> {
        Ok(Expression::None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Expression<'a>, E> {
        Ok(Expression::None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Expression<'a>, E> {
        Ok(Expression::None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Expression<'a>, E> {
        Ok(Expression::None)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Expression<'a>, E> {
        Ok(Expression::Text(Name(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Expression<'a>, E> {
        Ok(Expression::Text(Name(Cow::Owned(text.to_owned()))))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Expression<'a>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Expression::Items(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Expression<'a>, A::Error> {
        let mut fields = Vec::new();
        let mut result = None;
        while let Some(name) = map.next_key::<Name<'a>>()? {
            let value = map.next_value::<Expression<'a>>()?;
            match (name.as_str(), value) {
                ("references", Expression::Items(items)) => {
                    let names = items.into_iter().filter_map(|item| match item {
                        Expression::Text(name) => Some(name),
                        _ => None,
                    });
                    result = Some(Expression::References(names.collect()));
                }
                ("constant_value", text @ Expression::Text(_)) => result = Some(text),
                ("constant_value", _) => result = Some(Expression::None),
                // Constants are in the values already; only the Regions of providers are read here.
                ("region", value) => fields.push((name, value)),
                (_, Expression::None | Expression::Text(_)) => {}
                (_, value) => fields.push((name, value)),
            }
        }
        fields.shrink_to_fit();
        Ok(result.unwrap_or(Expression::Fields(fields)))
    }
}

/// Text that is a slice of the document wherever it has no escapes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Name<'a>(Cow<'a, str>);

impl Name<'_> {
    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Name<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name<'a>, D::Error> {
        deserializer.deserialize_str(NameVisitor(std::marker::PhantomData))
    }
}

struct NameVisitor<'a>(std::marker::PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for NameVisitor<'a> {
    type Value = Name<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Name<'a>, E> {
        Ok(Name(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Name<'a>, E> {
        Ok(Name(Cow::Owned(text.to_owned())))
    }
}
