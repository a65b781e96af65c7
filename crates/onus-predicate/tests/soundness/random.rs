//! Random types, predicates and values, and random ways in which what is not known may turn out.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use onus_model::{Choice, EcoString, List, Map, Node, Piece, Reason, Unknown, Value};
use onus_predicate::Type;

use crate::world::{End, Resource, Types, World, ends, node};

/// What was decided for each key of a choice.
pub(crate) type Decisions = BTreeMap<&'static str, &'static str>;

const TEXTS: [&str; 14] = [
    "",
    "a",
    "b",
    "ab",
    "Ab",
    "aws:kms",
    "10.0.0.0/8",
    "0.0.0.0/0",
    "::/0",
    "192.168.1.0/24",
    "8.0.35",
    "8.1",
    "5.7.44",
    "a/16",
];
const KEYS: [(&str, [&str; 2]); 2] = [("Env", ["dev", "prod"]), ("Size", ["s", "l"])];

/// Numbers from SplitMix64: the same for the same seed.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<X: Clone>(&mut self, from: &[X]) -> X {
        from[self.below(from.len())].clone()
    }

    fn of_type(&mut self, depth: u32) -> Type {
        match self.below(if depth == 0 { 3 } else { 6 }) {
            0 => Type::Bool,
            1 => Type::Number,
            2 => Type::String,
            3 => self.record_type(depth - 1),
            _ => Type::List(Box::new(self.of_type(depth - 1))),
        }
    }

    fn record_type(&mut self, depth: u32) -> Type {
        let fields = 0..1 + self.below(3);
        Type::Record(fields.map(|i| (format!("r{i}").into(), self.of_type(depth))).collect())
    }

    /// Two types with a few facts each, the first ones simple.
    pub(crate) fn types(&mut self) -> Types {
        let facts = |random: &mut Random, count: usize| -> Vec<(EcoString, Type)> {
            let mut out: Vec<(EcoString, Type)> = vec![
                ("t0".into(), Type::String),
                ("t1".into(), Type::String),
                ("b0".into(), Type::Bool),
                ("n0".into(), Type::Number),
                ("l0".into(), Type::List(Box::new(Type::String))),
            ];
            out.extend((0..count).map(|i| (format!("f{i}").into(), random.of_type(3))));
            out
        };
        Types(vec![("T::A".into(), facts(self, 4)), ("T::B".into(), facts(self, 1))], ends())
    }

    /// A value of a type. `doubt`: how often, in 100, something is not known. `fixed` holds the
    /// decisions of the choices around.
    pub(crate) fn value(&mut self, of: &Type, doubt: usize, fixed: &mut Decisions) -> Node {
        if self.chance(12) {
            return Node::default();
        }
        if self.chance(doubt) {
            return self.doubtful(of, doubt, fixed);
        }
        match of {
            Type::Bool => node(Value::Bool(self.chance(50))),
            Type::Number => node(Value::Number(self.below(4) as f64)),
            Type::String if doubt > 0 && self.chance(6) => {
                node(Value::Encoded(Arc::new(node(Value::Bool(true)))))
            }
            Type::String => node(Value::String(self.pick(&TEXTS).into())),
            Type::List(of) => {
                let items = (0..self.below(4)).map(|_| self.value(of, doubt, fixed)).collect();
                let rest = self.chance(doubt).then(|| Arc::new(self.unknown(&Type::Bool)));
                self.perhaps_encoded(Value::List(Arc::new(List { items, rest })))
            }
            Type::Record(fields) => {
                let mut map = Map::default();
                for (name, of) in fields.iter() {
                    if self.chance(80) {
                        map.entries.insert(name.clone(), self.value(of, doubt, fixed));
                    }
                }
                map.rest = self.chance(doubt).then(|| Arc::new(self.unknown(&Type::Bool)));
                self.perhaps_encoded(Value::Map(Arc::new(map)))
            }
            Type::Resource(_) => Node::default(),
        }
    }

    fn perhaps_encoded(&mut self, value: Value) -> Node {
        if self.chance(10) { node(Value::Encoded(Arc::new(node(value)))) } else { node(value) }
    }

    fn doubtful(&mut self, of: &Type, doubt: usize, fixed: &mut Decisions) -> Node {
        if self.chance(50) {
            return node(Value::Unknown(Arc::new(self.unknown(of))));
        }
        let (key, labels) = self.pick(&KEYS);
        let around = fixed.get(key).copied();
        // Where the same choice is decided around it, a choice may be narrowed to what is possible.
        let labels: Vec<&str> = match around {
            Some(label) if self.chance(50) => vec![label],
            _ => labels.to_vec(),
        };
        let mut options = Vec::new();
        for label in labels {
            fixed.insert(key, around.unwrap_or(label));
            options.push((EcoString::from(label), self.value(of, doubt, fixed)));
        }
        match around {
            Some(label) => fixed.insert(key, label),
            None => fixed.remove(key),
        };
        let choice = Choice { key: key.into(), settles: key.into(), options };
        node(Value::Choice(Arc::new(choice)))
    }

    fn unknown(&mut self, of: &Type) -> Unknown {
        let mut unknown = Unknown::new(Reason::Input, "var.x");
        unknown.set = self.chance(50);
        if *of == Type::String && self.chance(60) {
            for _ in 0..1 + self.below(3) {
                let piece = match self.below(2) {
                    0 => Piece::Hole,
                    _ => Piece::Text(self.pick(&TEXTS).into()),
                };
                unknown.pieces.push(piece);
            }
            let nothing = |piece: &Piece| *piece == Piece::Text("".into());
            if unknown.pieces.iter().all(nothing) {
                // Set means not empty: nothing could turn out so.
                unknown.pieces.clear();
            }
        }
        unknown
    }

    /// A way in which a value may turn out.
    pub(crate) fn complete(&mut self, given: &Node, of: &Type, decided: &Decisions) -> Node {
        match (&given.value, of) {
            (Value::Choice(choice), _) => {
                let label = decided[choice.key.as_str()];
                let option = choice.options.iter().find(|(option, _)| option == label);
                let (_, option) = option.unwrap_or(&choice.options[0]);
                self.complete(option, of, decided)
            }
            (Value::Unknown(unknown), _) => self.resolve(unknown, of),
            (Value::Encoded(_), Type::String) => node(Value::String("true".into())),
            (Value::Encoded(inner), _) => {
                node(Value::Encoded(Arc::new(self.complete(inner, of, decided))))
            }
            (Value::List(list), Type::List(of)) => {
                let mut items: Vec<Node> =
                    list.items.iter().map(|item| self.complete(item, of, decided)).collect();
                if list.rest.is_some() {
                    items.extend((0..self.below(3)).map(|_| self.known(of)));
                }
                node(Value::List(Arc::new(List { items, rest: None })))
            }
            (Value::Map(map), Type::Record(fields)) => {
                let mut out = Map::default();
                for (name, of) in fields.iter() {
                    if let Some(entry) = map.entries.get(name) {
                        out.entries.insert(name.clone(), self.complete(entry, of, decided));
                    } else if map.rest.is_some() && self.chance(60) {
                        out.entries.insert(name.clone(), self.known(of));
                    }
                }
                node(Value::Map(Arc::new(out)))
            }
            _ => given.clone(),
        }
    }

    fn known(&mut self, of: &Type) -> Node {
        self.value(of, 0, &mut Decisions::new())
    }

    fn resolve(&mut self, unknown: &Unknown, of: &Type) -> Node {
        if !unknown.set && self.chance(30) {
            return Node::default();
        }
        for _ in 0..1_000 {
            let found = match of {
                Type::String if !unknown.pieces.is_empty() => {
                    let parts = unknown.pieces.iter().map(|piece| match piece {
                        Piece::Text(text) => text.as_str(),
                        Piece::Hole => self.pick(&TEXTS),
                    });
                    node(Value::String(parts.collect::<String>().into()))
                }
                _ => self.known(of),
            };
            let holds = match &found.value {
                Value::Absent => false,
                Value::String(text) => !unknown.set || !text.is_empty(),
                Value::List(list) => !unknown.set || !list.items.iter().all(Node::is_absent),
                Value::Encoded(_) => false,
                _ => true,
            };
            if holds {
                return found;
            }
        }
        // Pieces and `set` contradict each other: nothing can turn out so.
        Node::default()
    }

    pub(crate) fn decisions(&mut self, chosen: &HashMap<EcoString, EcoString>) -> Decisions {
        let decide = |(key, labels): &(&'static str, [&'static str; 2])| {
            let label = match chosen.get(*key) {
                Some(label) => {
                    labels.iter().find(|known| *known == label).copied().unwrap_or(labels[0])
                }
                None => self.pick(labels),
            };
            (*key, label)
        };
        KEYS.iter().map(decide).collect()
    }

    fn resource(&mut self, types: &Types, type_index: u32, doubt: usize) -> Resource {
        let (_, facts) = &types.0[type_index as usize];
        let facts =
            facts.iter().map(|(_, of)| self.value(of, doubt, &mut Decisions::new())).collect();
        let presence = (type_index > 0 && self.chance(doubt)).then(|| self.unknown(&Type::Bool));
        let any_number = presence.is_some() && self.chance(40);
        Resource { type_index, facts, presence, any_number }
    }

    /// An estate: the judged resource, and some of the other type in all relations to it.
    pub(crate) fn world(&mut self, types: &Types, doubt: usize) -> World {
        let mut world = World::default();
        world.resources.push(self.resource(types, 0, doubt));
        for _ in 0..self.below(4) {
            world.resources.push(self.resource(types, 1, doubt));
        }
        let others: Vec<u32> = (1..world.resources.len() as u32).collect();
        let rest = |random: &mut Random| random.chance(doubt).then(|| random.unknown(&Type::Bool));
        let subset = |random: &mut Random| -> Vec<u32> {
            others.iter().copied().filter(|_| random.chance(50)).collect()
        };
        for from in 0..world.resources.len() as u32 {
            let end = End { resources: subset(self), rest: rest(self) };
            world.referrers.insert((from, 1), end);
            for slot in 0..2 {
                let rest = rest(self);
                let one = subset(self).into_iter().take(usize::from(rest.is_none())).collect();
                world.targets.insert((from, slot, 1), End { resources: one, rest });
            }
        }
        let all = End { resources: others, rest: rest(self) };
        world.estate.insert(1, all);
        if self.chance(15) {
            world.chosen.insert("Env".into(), "prod".into());
        }
        world
    }

    /// A way in which an estate may turn out: nothing in it is unknown.
    pub(crate) fn complete_world(&mut self, types: &Types, given: &World) -> World {
        let decided = self.decisions(&given.chosen);
        let mut world = given.clone();
        let (mut gone, mut repeated) = (Vec::new(), Vec::new());
        for (index, resource) in world.resources.iter_mut().enumerate() {
            let (_, facts) = &types.0[resource.type_index as usize];
            for (fact, (_, of)) in resource.facts.iter_mut().zip(facts) {
                *fact = self.complete(fact, of, &decided);
            }
            if resource.presence.take().is_some() && self.chance(50) {
                gone.push(index as u32);
            } else if std::mem::take(&mut resource.any_number) {
                repeated.push(index as u32);
            }
        }
        // In a fixed order, so that a seed gives the same world again.
        let mut ends: Vec<(bool, String, &mut End)> = Vec::new();
        ends.extend(world.referrers.iter_mut().map(|(key, end)| (false, format!("r{key:?}"), end)));
        ends.extend(world.targets.iter_mut().map(|(key, end)| (true, format!("t{key:?}"), end)));
        ends.extend(world.estate.iter_mut().map(|(key, end)| (false, format!("e{key:?}"), end)));
        ends.sort_by(|a, b| a.1.cmp(&b.1));
        let mut more = Vec::new();
        let known = world.resources.len();
        for (single, _, end) in ends {
            end.resources.retain(|resource| !gone.contains(resource));
            let again: Vec<u32> =
                end.resources.iter().copied().filter(|of| repeated.contains(of)).collect();
            for of in again.into_iter().filter(|_| !single) {
                end.resources.extend((0..self.below(3)).map(|_| of));
            }
            if end.rest.take().is_some() {
                for _ in 0..self.below(if single { 2 } else { 3 }) {
                    more.push(self.resource(types, 1, 0));
                    end.resources.push((known + more.len() - 1) as u32);
                }
            }
        }
        world.resources.extend(more);
        world
    }
}

/// Writes random predicates that fit the types.
pub(crate) struct Writer<'r> {
    pub(crate) random: &'r mut Random,
    pub(crate) types: &'r Types,
    /// Expressions that can be used, with their types.
    scope: Vec<(String, Type)>,
    names: usize,
}

impl<'r> Writer<'r> {
    pub(crate) fn new(random: &'r mut Random, types: &'r Types) -> Writer<'r> {
        let scope = types.0[0].1.iter().map(|(name, of)| (name.to_string(), of.clone())).collect();
        Writer { random, types, scope, names: 0 }
    }

    /// All expressions in scope of a type, fields of records and of resources included.
    fn paths(&self, wanted: impl Fn(&Type) -> bool) -> Vec<(String, Type)> {
        let mut open = self.scope.clone();
        let mut out = Vec::new();
        while let Some((text, of)) = open.pop() {
            match &of {
                Type::Record(fields) => {
                    open.extend(fields.iter().map(|(f, of)| (format!("{text}.{f}"), of.clone())));
                }
                Type::Resource(index) => {
                    let facts = self.types.0[*index as usize].1.iter();
                    open.extend(facts.map(|(f, of)| (format!("{text}.{f}"), of.clone())));
                }
                _ => {}
            }
            if wanted(&of) {
                out.push((text, of));
            }
        }
        out
    }

    fn path(&mut self, of: &Type) -> Option<String> {
        let paths = self.paths(|found| found == of);
        (!paths.is_empty()).then(|| self.random.pick(&paths).0)
    }

    pub(crate) fn bool(&mut self, depth: u32) -> String {
        let shallow = depth == 0;
        match self.random.below(if shallow { 5 } else { 20 }) {
            0 => self.path(&Type::Bool).unwrap_or_else(|| "true".into()),
            1 => {
                let paths = self.paths(|_| true);
                let path = self.random.pick(&paths).0;
                let askable = !path.is_empty();
                if askable { format!("has({path})") } else { "true".into() }
            }
            2 => self.compare(depth),
            3 => self.text_test(depth),
            4 => {
                let (a, list) = (self.string(0), self.strings(depth));
                format!("{a} in {list}")
            }
            5..=7 => format!("({} && {})", self.bool(depth - 1), self.bool(depth - 1)),
            8..=10 => format!("({} || {})", self.bool(depth - 1), self.bool(depth - 1)),
            11 => format!("!({})", self.bool(depth - 1)),
            12 => {
                let (a, b, c) = (self.bool(depth - 1), self.bool(depth - 1), self.bool(depth - 1));
                format!("({a} ? {b} : {c})")
            }
            13 => format!("({}) == ({})", self.bool(depth - 1), self.bool(depth - 1)),
            _ => self.quantifier(depth),
        }
    }

    fn compare(&mut self, depth: u32) -> String {
        if self.random.chance(50) {
            let how = self.random.pick(&["==", "!=", "<", "<=", ">", ">="]);
            return format!("{} {how} {}", self.number(depth), self.number(depth));
        }
        let how = self.random.pick(&["==", "==", "!=", "<", ">="]);
        format!("{} {how} {}", self.string(depth), self.string(depth))
    }

    fn text_test(&mut self, depth: u32) -> String {
        let (a, b) = (self.string(depth), self.string(0));
        match self.random.below(10) {
            0 => format!("{a}.startsWith({b})"),
            1 => format!("{a}.endsWith({b})"),
            2 => format!("{a}.contains({b})"),
            3 => format!("{a}.matches('^a')"),
            4 => format!("is_any_address({a})"),
            5 => format!("is_private_address({a})"),
            6 => format!("cidr_contains({a}, {b})"),
            7 => format!("version_at_least({a}, '8.1')"),
            8 => format!("passed('test/ends', {a})"),
            _ => format!("version_below({a}, '8.0.35')"),
        }
    }

    fn string(&mut self, depth: u32) -> String {
        match self.random.below(if depth == 0 { 7 } else { 10 }) {
            0..=1 => format!("'{}'", self.random.pick(&TEXTS)),
            2..=6 => self.path(&Type::String).unwrap_or_else(|| "'a'".into()),
            7 => format!("{}.lowerAscii()", self.string(depth - 1)),
            8 => format!("target(t{}, 'T::B').t0", self.random.below(2)),
            _ => {
                let (a, b, c) = (self.bool(depth - 1), self.string(0), self.string(0));
                format!("({a} ? {b} : {c})")
            }
        }
    }

    fn number(&mut self, depth: u32) -> String {
        match self.random.below(6) {
            0..=1 => self.random.below(4).to_string(),
            2 => self.path(&Type::Number).unwrap_or_else(|| "1".into()),
            3 => format!("size({})", self.string(0)),
            4 => format!("prefix_length({})", self.string(0)),
            _ => format!("size({})", self.list(depth.saturating_sub(1)).0),
        }
    }

    fn strings(&mut self, depth: u32) -> String {
        let of = Type::List(Box::new(Type::String));
        match self.random.below(if depth == 0 { 2 } else { 3 }) {
            0 => format!("[{}, {}]", self.string(0), self.string(0)),
            1 => self.path(&of).unwrap_or_else(|| "['a']".into()),
            _ => {
                let (list, of) = self.list(depth - 1);
                let mapped = self.bind(&of, |writer| writer.string(depth - 1));
                format!("{list}.map({}, {})", mapped.0, mapped.1)
            }
        }
    }

    /// A list and the type of its elements.
    fn list(&mut self, depth: u32) -> (String, Type) {
        match self.random.below(if depth == 0 { 5 } else { 8 }) {
            0 => (self.strings(0), Type::String),
            1 => ("referrers('T::B')".into(), Type::Resource(1)),
            2 => (
                self.random.pick(&["estate('T::B')", "targets(t0, 'T::B')"]).into(),
                Type::Resource(1),
            ),
            3..=4 => {
                let lists = self.paths(|of| matches!(of, Type::List(_)));
                match self.random.pick(&lists) {
                    (path, Type::List(of)) => (path, *of),
                    (path, of) => (path, of),
                }
            }
            5 => (self.strings(depth), Type::String),
            _ => {
                let (list, of) = self.list(depth - 1);
                let (name, body) = self.bind(&of, |writer| writer.bool(depth - 1));
                (format!("{list}.filter({name}, {body})"), of)
            }
        }
    }

    fn quantifier(&mut self, depth: u32) -> String {
        let (list, of) = self.list(depth - 1);
        let how = self.random.pick(&["exists", "all"]);
        let (name, body) = self.bind(&of, |writer| writer.bool(depth - 1));
        format!("{list}.{how}({name}, {body})")
    }

    fn bind(&mut self, of: &Type, body: impl FnOnce(&mut Self) -> String) -> (String, String) {
        self.names += 1;
        let name = format!("x{}", self.names);
        self.scope.push((name.clone(), of.clone()));
        let body = body(self);
        self.scope.pop();
        (name, body)
    }
}
