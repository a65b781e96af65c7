//! What each function gives.

use crate::show::{messages, property, read};

const HEAD: &str = "\
Parameters:
  Plain: {Type: String, Default: plain}
  Free: {Type: String}
  Long: {Type: String, MinLength: 3}
  Env: {Type: String, AllowedValues: [dev, prod]}
  Zones: {Type: CommaDelimitedList, Default: 'a, b,c'}
  Nets: {Type: 'List<AWS::EC2::Subnet::Id>'}
  Secret: {Type: String, NoEcho: true, Default: hunter2}
  Image: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /x}
Mappings:
  Sizes:
    dev: {Disk: 10, Class: small}
    prod: {Disk: 20, Class: small}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  HasFree: !Not [!Equals [!Ref Free, '']]
  Always: !Equals [!Ref Plain, plain]
  Never: !Not [{Condition: Always}]
  Both: !And [!Condition IsProd, !Condition HasFree]
  NotBoth: !And [!Condition Never, !Condition HasFree]
  Either: !Or [!Condition Always, !Condition HasFree]
  Round: !Not [!Condition Trip]
  Trip: !Not [!Condition Round]
Resources:
  Key: {Type: 'AWS::KMS::Key'}
  Cust: {Type: 'Custom::Thing', Properties: {ServiceToken: x}}
  R:
    Type: AWS::X::Y
    Properties:
      P: ";

fn check(cases: &[(&str, &str)]) {
    for (written, expected) in cases {
        let estate = read(&format!("{HEAD}{written}\n"));
        assert_eq!(property(&estate, "R", "P"), *expected, "{written}");
    }
}

#[test]
fn references_to_parameters_and_resources() {
    check(&[
        ("!Ref Plain", "'plain'"),
        ("!Ref Free", "?parameter Free"),
        ("!Ref Long", "?parameter Long!"),
        ("!Ref Env", "(parameter Env = dev: 'dev' | prod: 'prod')"),
        ("!Ref Zones", "['a', 'b', 'c']"),
        ("!Ref Nets", "?parameter Nets!"),
        ("!Ref Secret", "?a sensitive value, withheld!"),
        ("!Ref Image", "?parameter Image!"),
        ("!Ref AWS::Region", "?AWS::Region!"),
        ("!Ref AWS::NoValue", "none"),
        ("[!Ref AWS::NoValue, a]", "['a']"),
        ("!Ref Key", "?Key!<Key.>"),
        ("!GetAtt Key.Arn", "?Key.Arn!<Key.Arn>"),
        ("{Fn::GetAtt: [Key, Arn]}", "?Key.Arn!<Key.Arn>"),
        ("!GetAtt Cust.Any.Thing", "?Cust.Any.Thing<Cust.Any.Thing>"),
        (
            "'{{resolve:secretsmanager:a:SecretString:p}}'",
            "?{{resolve:secretsmanager:a:SecretString:p}}! '*'",
        ),
    ]);
}

#[test]
fn text_functions() {
    check(&[
        ("!Sub 'a-${Plain}-${!Literal}'", "'a-plain-${Literal}'"),
        ("!Sub ['${A}/${Plain}', {A: !Ref Key}]", "?Key! '*/plain'<Key.>"),
        ("!Sub 'arn:${AWS::Partition}:s3:::${Key.Arn}/x'", "?Key.Arn! 'arn:*:s3:::*/x'<Key.Arn>"),
        ("!Sub 'x-${Env}'", "(parameter Env = dev: 'x-dev' | prod: 'x-prod')"),
        ("!Sub '${Env}${Env}'", "(parameter Env = dev: 'devdev' | prod: 'prodprod')"),
        ("!Sub '{{resolve:ssm:${Free}}}'", "?parameter Free!"),
        ("!Join ['-', [a, 1, true, !Ref Plain]]", "'a-1-true-plain'"),
        ("!Join [',', !Ref Zones]", "'a,b,c'"),
        ("!Join [',', !Ref Nets]", "?parameter Nets!"),
        (
            "!Join ['', [a, !If [IsProd, b, !Ref 'AWS::NoValue'], c]]",
            "(parameter Env = dev: 'ac' | prod: 'abc')",
        ),
        ("!Split [',', 'a,b']", "['a', 'b']"),
        ("!Select [1, !Split [',', 'a,b']]", "'b'"),
        ("!Select ['0', !Ref Nets]", "?parameter Nets!"),
        ("!Select [0, !GetAZs '']", "?the Availability Zones of the Region!"),
        ("!Base64 abc", "'YWJj'"),
        ("{'Fn::Base64': !Sub '${Key}'}", "?Key! '*'<Key.>"),
        ("!Select [1, !Cidr [10.0.0.0/16, 2, 8]]", "'10.0.1.0/24'"),
        ("!Select [1, !Cidr [!GetAtt Key.Cidr, 2, 8]]", "?Key.Cidr!<Key.Cidr>"),
        ("!ImportValue 'a-b'", "?export a-b!"),
        (
            "!ImportValue {'Fn::Sub': '${Env}-b'}",
            "(parameter Env = dev: ?export dev-b! | prod: ?export prod-b!)",
        ),
        ("{'Fn::Length': !Ref Zones}", "3"),
        ("{'Fn::ToJsonString': {a: !Ref Free}}", "json {a: ?parameter Free}"),
        ("{'Fn::Transform': {Name: Mine, Parameters: {a: !Ref Key}}}", "?Fn::Transform Mine<Key.>"),
        ("{a: 1, 'Fn::Transform': {Name: 'AWS::Include'}}", "{a: 1, ..Fn::Transform AWS::Include}"),
        (
            "{'Fn::ForEach::L': [X, !Ref Zones, {'K${X}': {v: !Ref X}}]}",
            "{Ka: {v: 'a'}, Kb: {v: 'b'}, Kc: {v: 'c'}}",
        ),
    ]);
}

#[test]
fn mappings() {
    check(&[
        ("!FindInMap [Sizes, prod, Disk]", "20"),
        ("!FindInMap [Sizes, !Ref Env, Disk]", "(parameter Env = dev: 10 | prod: 20)"),
        ("!FindInMap [Sizes, !Ref Env, Class]", "'small'"),
        ("!FindInMap [Sizes, !Ref Free, Class]", "'small'"),
        ("!FindInMap [Sizes, !Ref Free, Disk]", "(parameter Free in Sizes = dev: 10 | prod: 20)"),
        ("!FindInMap [Sizes, test, Disk, {DefaultValue: 5}]", "5"),
    ]);
}

#[test]
fn conditions() {
    check(&[
        ("!If [Always, a, b]", "'a'"),
        ("!If [Never, a, !Ref 'AWS::NoValue']", "none"),
        ("!If [IsProd, a, b]", "(parameter Env = dev: 'b' | prod: 'a')"),
        ("!If [IsProd, !Ref Env, x]", "(parameter Env = dev: 'x' | prod: 'prod')"),
        ("!If [IsProd, {k: !If [IsProd, 1, 2]}, {}]", "(parameter Env = dev: {} | prod: {k: 1})"),
        ("!If [IsProd, same, same]", "'same'"),
        ("!If [HasFree, a, b]", "(condition HasFree = true: 'a' | false: 'b')"),
        (
            "!If [Both, a, b]",
            "(parameter Env = dev: 'b' | prod: (condition HasFree = true: 'a' | false: 'b'))",
        ),
        ("!If [NotBoth, a, b]", "'b'"),
        ("!If [Either, a, b]", "'a'"),
        (
            "[!If [IsProd, a, !Ref 'AWS::NoValue'], c]",
            "[(parameter Env = dev: - | prod: 'a'), 'c']",
        ),
    ]);
}

#[test]
fn what_is_wrong_is_said_where_it_is() {
    let cases = [
        ("!Ref Nobody", "`Nobody` is no parameter and no resource"),
        ("!GetAtt Nobody.Arn", "`Nobody` is no resource"),
        ("!If [NoSuch, a, b]", "there is no condition `NoSuch`"),
        ("!If [Round, a, b]", "depends on itself"),
        ("!FindInMap [Sizes, test, Disk]", "has no `test`"),
        ("!FindInMap [Nope, test, Disk]", "there is no mapping `Nope`"),
        ("!Select [5, [a]]", "element 5 of a list of 1"),
        ("!Sub 'x ${Zones}'", "can be part of a text"),
        ("{'Fn::Frobnicate': 1}", "`Fn::Frobnicate` is not known"),
        ("!Frobnicate 1", "`!Frobnicate` means nothing"),
    ];
    for (written, expected) in cases {
        let estate = read(&format!("{HEAD}{written}\n"));
        let found = messages(&estate);
        assert!(found.iter().any(|one| one.contains(expected)), "{written}: {found:?}");
        assert_eq!(estate.resources.len(), 3, "{written}");
    }
}

#[test]
fn bombs_end() {
    let chain: String =
        (0..3000).map(|at| format!("  C{at}: !Not [!Condition C{}]\n", at + 1)).collect();
    let wide: String = (0..40)
        .map(|at| {
            format!(
                "  P{at}: {{Type: String, AllowedValues: [{}]}}\n",
                (0..40).map(|one| one.to_string()).collect::<Vec<_>>().join(",")
            )
        })
        .collect();
    let all: String = (0..40).map(|at| format!("${{P{at}}}")).collect();
    let nested = (0..60).fold("x".to_owned(), |inner, at| {
        format!("{{Fn::If: [D{at}, {inner}, {inner}y]}}").chars().take(200_000).collect()
    });
    let loops = (0..12).fold("{'A${X0}': {Type: 'AWS::X::Y'}}".to_owned(), |inner, at| {
        format!("{{'Fn::ForEach::L{at}': [X{at}, [a,b,c,d,e,f,g,h,i,j], {inner}]}}")
    });
    let texts = [
        format!(
            "Conditions:\n{chain}  C3000: !Equals [a, b]\nResources:\n  R: {{Type: AWS::X::Y, Condition: C0}}\n"
        ),
        format!(
            "Parameters:\n{wide}Resources:\n  R: {{Type: AWS::X::Y, Properties: {{P: !Sub '{all}'}}}}\n"
        ),
        format!("Resources:\n  R: {{Type: AWS::X::Y, Properties: {{P: {nested}}}}}\n"),
        format!("Resources: {loops}\n"),
    ];
    for text in texts {
        let estate = read(&text);
        assert!(estate.resources.len() <= 20_000);
    }
}
