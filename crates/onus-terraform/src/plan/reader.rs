//! Reading plans and states into an estate.

use ecow::{EcoString, eco_format};
use onus_model::{
    Diagnostic, FileId, Node, Presence, RawEstate, RawResource, Reason, Scope, SourceKind, Span,
    Unknown, Unread, Value,
};
use rustc_hash::FxHashSet;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::configuration::{Configuration, Name};
use super::document::{
    Document, Instance, Module, Resource, ResourceChange, StateFile, StateResource, Step, StepValue,
};
use super::references::{Configured, Known};
use super::regions::Regions;
use super::text::Text;
use super::values::{Marks, Names, leave_open, read, withhold};

/// A document being read.
pub(super) struct Reader<'a> {
    source: &'a str,
    text: Text<'a>,
    names: Names,
    estate: RawEstate,
}

impl<'a> Reader<'a> {
    /// Begins with the text of a file.
    pub(super) fn new(source: &'a str, file: FileId, kind: SourceKind, path: &str) -> Reader<'a> {
        let region = Unknown::new(Reason::NotCollected, "the Region of the provider");
        let region = Node::unknown(region, Span::file(file));
        let scope = Scope { kind, path: path.into(), complete: false, region };
        let (resources, unread, diagnostics) = (Vec::new(), Vec::new(), Vec::new());
        Reader {
            source,
            text: Text::new(source, file),
            names: Names::default(),
            estate: RawEstate { scope, resources, unread, diagnostics },
        }
    }

    /// Reads a plan.
    pub(super) fn plan(mut self) -> RawEstate {
        let Some(document) = self.part::<Document<'a>>(self.source, "the plan") else {
            return self.estate;
        };
        self.check_version(document.format_version.as_deref());
        if document.errored {
            self.unread("Terraform gave up while it made this plan: run terraform plan again");
        }
        let mut seen = FxHashSet::default();
        let changes = document.resource_changes.as_deref().unwrap_or_default();
        self.estate.resources.reserve(changes.len());
        for raw in changes {
            self.change(raw, &mut seen, Presence::Certain);
        }
        for deferred in document.deferred_changes.as_deref().unwrap_or_default() {
            let later = Unknown::new(Reason::Computed, "a plan without deferred changes");
            self.change(deferred.resource_change, &mut seen, Presence::Possible(later));
        }
        if let Some(values) = &document.planned_values {
            self.module(&values.root_module, &mut seen);
        }
        if let Some(raw) = document.configuration
            && let Some(configuration) = self.part(raw.get(), "the configuration of the plan")
        {
            self.configure(&configuration, &document);
        }
        self.estate
    }

    /// Reads a state, as `terraform show -json` writes it.
    pub(super) fn state(mut self) -> RawEstate {
        let Some(document) = self.part::<Document<'a>>(self.source, "the state") else {
            return self.estate;
        };
        self.check_version(document.format_version.as_deref());
        if let Some(values) = &document.values {
            self.module(&values.root_module, &mut FxHashSet::default());
        }
        self.estate
    }

    /// Reads a state file, as Terraform keeps it.
    pub(super) fn state_file(mut self) -> RawEstate {
        let Some(file) = self.part::<StateFile<'a>>(self.source, "the state file") else {
            return self.estate;
        };
        if file.version != 4 {
            let span = self.text.place(self.source);
            let message = eco_format!("state files of version {} are not read", file.version);
            let help = "give what `terraform show -json` writes of it, or let a current Terraform upgrade it";
            self.estate.diagnostics.push(Diagnostic::error(message, span).help(help));
            return self.estate;
        }
        for raw in file.resources {
            if let Some(resource) = self.part::<StateResource<'a>>(raw.get(), "a resource")
                && managed(resource.mode.as_deref())
            {
                for instance in &resource.instances {
                    self.instance(&resource, instance, self.text.place(raw.get()));
                }
            }
        }
        self.estate
    }

    fn part<T: Deserialize<'a>>(&mut self, text: &'a str, what: &str) -> Option<T> {
        match serde_json::from_str(text) {
            Ok(part) => Some(part),
            Err(error) => {
                let span = self.text.error(text, &error);
                let message = eco_format!("{what} cannot be read: {}", reason(&error));
                let help = "write the file again with `terraform show -json`";
                self.estate.diagnostics.push(Diagnostic::error(message, span).help(help));
                None
            }
        }
    }

    fn check_version(&mut self, version: Option<&str>) {
        let Some(version) = version else { return };
        if !matches!(version.split('.').next(), Some("0" | "1")) {
            let message = eco_format!("format version {version} is not known; 0.1 to 1.x are");
            let span = self.text.place(self.source);
            self.estate.diagnostics.push(Diagnostic::warning(message, span));
        }
    }

    fn unread(&mut self, settles: &str) {
        self.estate.unread.push(Unread {
            address: self.estate.scope.path.clone(),
            settles: settles.into(),
            span: self.text.place(self.source),
            references: Vec::new(),
        });
    }

    fn change(&mut self, raw: &'a RawValue, seen: &mut FxHashSet<EcoString>, presence: Presence) {
        let Some(resource) = self.part::<ResourceChange<'a>>(raw.get(), "a resource change") else {
            return;
        };
        let gone = |action: &EcoString| action == "delete" || action == "forget";
        let change = &resource.change;
        if !managed(resource.mode.as_deref()) || resource.deposed.is_some() {
            return;
        }
        if !seen.insert(resource.address.clone()) {
            return self.twice(&resource.address, self.text.place(raw.get()));
        }
        if !change.actions.is_empty() && change.actions.iter().all(gone) {
            return;
        }
        let span = self.text.place(raw.get());
        let mut attributes = self.values(change.after, span);
        withhold(&mut attributes, &change.after_sensitive);
        leave_open(&mut attributes, &change.after_unknown, &resource.address);
        self.push(resource.address, resource.native_type, attributes, presence);
    }

    fn module(&mut self, module: &Module<'a>, seen: &mut FxHashSet<EcoString>) {
        for raw in &module.resources {
            let Some(resource) = self.part::<Resource<'a>>(raw.get(), "a resource") else {
                continue;
            };
            if !managed(resource.mode.as_deref()) || !seen.insert(resource.address.clone()) {
                continue;
            }
            let mut attributes = self.values(resource.values, self.text.place(raw.get()));
            withhold(&mut attributes, &resource.sensitive_values);
            self.push(resource.address, resource.native_type, attributes, Presence::Certain);
        }
        for child in &module.child_modules {
            self.module(child, seen);
        }
    }

    fn instance(&mut self, resource: &StateResource<'a>, instance: &Instance<'a>, span: Span) {
        if instance.deposed.is_some() {
            return;
        }
        let module = match &resource.module {
            Some(module) if !module.is_empty() => eco_format!("{module}."),
            _ => EcoString::new(),
        };
        let index = match instance.index_key {
            Some(key) => eco_format!("[{}]", key.get()),
            None => EcoString::new(),
        };
        let address = eco_format!("{module}{}.{}{index}", resource.native_type, resource.name);
        let mut attributes = self.values(instance.attributes, span);
        for path in instance.sensitive_attributes.iter().flatten() {
            withhold(&mut attributes, &marked(path));
        }
        self.push(address, resource.native_type.clone(), attributes, Presence::Certain);
    }

    /// The values of a resource; unknown when there are none.
    fn values(&mut self, raw: Option<&'a RawValue>, span: Span) -> Node {
        let read = raw.map(|raw| (raw, read(raw.get(), &self.names, span)));
        match read {
            Some((_, Ok(node))) if matches!(node.value, Value::Map(_)) => node,
            Some((raw, Err(error))) => {
                let place = self.text.error(raw.get(), &error);
                let message =
                    eco_format!("the values of a resource cannot be read: {}", reason(&error));
                self.estate.diagnostics.push(Diagnostic::error(message, place));
                Node::unknown(Unknown::new(Reason::Invalid, "the values of the resource"), span)
            }
            _ => Node::unknown(
                Unknown::new(Reason::NotCollected, "the values of the resource"),
                span,
            ),
        }
    }

    fn push(&mut self, address: EcoString, kind: EcoString, attributes: Node, presence: Presence) {
        let native_type = self.names.get(&kind);
        self.estate.resources.push(RawResource {
            address,
            native_type,
            span: attributes.span,
            attributes,
            presence,
            region: None,
            references: Vec::new(),
        });
    }

    fn twice(&mut self, address: &str, span: Span) {
        let message = eco_format!("{address} is in the plan twice; the first one is read");
        self.estate.diagnostics.push(Diagnostic::warning(message, span));
    }

    /// Adds what only the configuration tells: where values came from, and Regions.
    fn configure(&mut self, configuration: &Configuration<'a>, document: &Document<'a>) {
        let mut known = Known::default();
        for resource in &self.estate.resources {
            known.add(&resource.address);
        }
        let span = self.estate.scope.region.span;
        let mut regions = Regions::new(configuration, document, span);
        if let Some(region) = regions.of("aws") {
            self.estate.scope.region = region;
        }
        for resource in &mut self.estate.resources {
            let Some(found) = Configured::find(configuration, &known, &resource.address) else {
                continue;
            };
            found.attach(&mut resource.attributes, &found.resource.expressions);
            let waits: Vec<&str> = found.resource.depends_on.iter().map(Name::as_str).collect();
            if !waits.is_empty() {
                resource.references = found.resolve(&waits);
            }
            let own = regions.of(found.resource.provider_config_key.as_str());
            resource.region = own.filter(|own| own.value != self.estate.scope.region.value);
        }
    }
}

/// What is wrong, without the place, which is that within the part.
fn reason(error: &serde_json::Error) -> String {
    let words = error.to_string();
    words.rsplit_once(" at line ").map_or(words.clone(), |(reason, _)| reason.to_owned())
}

fn managed(mode: Option<&str>) -> bool {
    mode.is_none_or(|mode| mode == "managed")
}

/// The marks for the value at the end of a path.
fn marked(path: &[Step]) -> Marks {
    path.iter().rev().fold(Marks::All, |inner, step| {
        let mut value = &step.value;
        while let StepValue::Typed { value: inner } = value {
            value = inner;
        }
        match value {
            StepValue::Name(name) => Marks::Map(vec![(name.clone(), inner)]),
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "an index; saturates"
            )]
            StepValue::Number(index) => Marks::List(vec![(*index as usize, inner)]),
            StepValue::Typed { .. } => Marks::None,
        }
    })
}

/// A diagnostic instead of a document.
pub(super) fn unreadable(
    kind: SourceKind,
    path: &str,
    file: FileId,
    message: EcoString,
) -> RawEstate {
    let mut estate = Reader::new("", file, kind, path).estate;
    estate.diagnostics.push(Diagnostic::error(message, Span::file(file)));
    estate
}
