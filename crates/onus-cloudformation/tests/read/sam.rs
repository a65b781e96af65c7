//! SAM templates: what SAM documents to make of them.

use crate::show::{listed, messages, property, read};

fn sam(rest: &str) -> onus_model::RawEstate {
    read(&format!("Transform: AWS::Serverless-2016-10-31\n{rest}"))
}

#[test]
fn a_function_becomes_a_lambda_function_with_a_role() {
    let estate = sam("Globals:
  Function:
    Runtime: python3.13
    Environment: {Variables: {A: 1, B: 2}}
    Layers: [l1]
Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}
Conditions: {IsProd: !Equals [!Ref Env, prod]}
Resources:
  Table: {Type: AWS::DynamoDB::Table}
  F:
    Type: AWS::Serverless::Function
    Condition: IsProd
    DeletionPolicy: Retain
    Properties:
      Handler: a.b
      CodeUri: src/
      Environment: {Variables: {B: 3}}
      Layers: [l2]
      Tracing: Active
      Tags: {team: x}
      Policies:
        - AmazonS3ReadOnlyAccess
        - !Sub 'arn:${AWS::Partition}:iam::aws:policy/X'
        - Statement: [{Effect: Allow, Action: '*', Resource: '*'}]
        - DynamoDBCrudPolicy: {TableName: !Ref Table}
        - !If [IsProd, AWSLambdaRole, !Ref 'AWS::NoValue']
      FunctionUrlConfig: {AuthType: NONE}
  G: {Type: AWS::Serverless::Function, Properties: {Role: 'arn:x', ImageUri: i}}
");
    assert_eq!(
        listed(&estate),
        [
            "Table AWS::DynamoDB::Table",
            "F AWS::Lambda::Function ?parameter Env",
            "FRole AWS::IAM::Role ?parameter Env",
            "FUrl AWS::Lambda::Url ?parameter Env",
            "FUrlPublicPermissions AWS::Lambda::Permission ?parameter Env",
            "FURLInvokeAllowPublicAccess AWS::Lambda::Permission ?parameter Env",
            "G AWS::Lambda::Function",
        ]
    );
    let f = |name| property(&estate, "F", name);
    assert_eq!(f("Runtime"), "'python3.13'");
    assert_eq!(f("Environment"), "{Variables: {A: 1, B: 3}}");
    assert_eq!(f("Layers"), "['l1', 'l2']");
    assert_eq!(f("Role"), "?FRole.Arn!<FRole.Arn>");
    assert_eq!(f("TracingConfig"), "{Mode: 'Active'}");
    assert_eq!(f("Tags"), "[{Key: 'team', Value: 'x'}]");
    assert_eq!(f("DeletionPolicy"), "'Retain'");
    assert_eq!(
        f("Code"),
        "{S3Bucket: ?packaging the CodeUri of F!, S3Key: ?packaging the CodeUri of F!}"
    );
    assert_eq!(property(&estate, "G", "Role"), "'arn:x'");
    assert_eq!(property(&estate, "G", "Code"), "{ImageUri: 'i'}");
    let managed = property(&estate, "FRole", "ManagedPolicyArns");
    for part in [
        "service-role/AWSLambdaBasicExecutionRole",
        "AWSXRayDaemonWriteAccess",
        "policy/AmazonS3ReadOnlyAccess",
        "policy/X",
        "(parameter Env = dev: - | prod: 'AWSLambdaRole')",
    ] {
        assert!(managed.contains(part), "{managed} has no {part}");
    }
    assert_eq!(
        property(&estate, "FRole", "Policies"),
        "[{PolicyName: 'FRolePolicy2', PolicyDocument: {Statement: [{Effect: 'Allow', Action: '*', \
         Resource: '*'}]}}, {PolicyName: 'FRolePolicy3', PolicyDocument: \
         ?SAM policy template DynamoDBCrudPolicy<Table.>}]"
    );
    assert!(estate.resources.iter().all(|one| one.span.line > 0));
    assert!(messages(&estate).is_empty(), "{:?}", messages(&estate));
}

#[test]
fn events_make_what_connects_them() {
    let cases: &[(&str, &[&str])] = &[
        (
            "{Type: Api, Properties: {Path: /, Method: get}}",
            &[
                "FEPermissionProd AWS::Lambda::Permission",
                "ServerlessRestApi AWS::ApiGateway::RestApi",
                "ServerlessRestApiDeployment AWS::ApiGateway::Deployment",
                "ServerlessRestApiProdStage AWS::ApiGateway::Stage",
            ],
        ),
        (
            "{Type: HttpApi}",
            &[
                "FEPermission AWS::Lambda::Permission",
                "ServerlessHttpApi AWS::ApiGatewayV2::Api",
                "ServerlessHttpApiApiGatewayDefaultStage AWS::ApiGatewayV2::Stage",
            ],
        ),
        (
            "{Type: Api, Properties: {RestApiId: !Ref Q}}",
            &["FEPermissionAllStages AWS::Lambda::Permission"],
        ),
        (
            "{Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}",
            &["FE AWS::Lambda::EventSourceMapping"],
        ),
        (
            "{Type: SNS, Properties: {Topic: !Ref Q}}",
            &["FE AWS::SNS::Subscription", "FEPermission AWS::Lambda::Permission"],
        ),
        ("{Type: S3, Properties: {Bucket: !Ref Q}}", &["FEPermission AWS::Lambda::Permission"]),
        (
            "{Type: Schedule, Properties: {Schedule: rate(1 day)}}",
            &["FE AWS::Events::Rule", "FEPermission AWS::Lambda::Permission"],
        ),
        (
            "{Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day)}}",
            &["FE AWS::Scheduler::Schedule", "FERole AWS::IAM::Role"],
        ),
        (
            "{Type: CloudWatchLogs, Properties: {LogGroupName: x}}",
            &["FE AWS::Logs::SubscriptionFilter", "FEPermission AWS::Lambda::Permission"],
        ),
    ];
    for (event, expected) in cases {
        let estate = sam(&format!(
            "Resources:
  Q: {{Type: AWS::SQS::Queue}}
  F: {{Type: AWS::Serverless::Function, Properties: {{Role: r, Events: {{E: {event}}}}}}}
"
        ));
        assert_eq!(listed(&estate)[2..], **expected, "{event}");
        assert!(messages(&estate).is_empty(), "{:?}", messages(&estate));
    }
    let estate = sam("Resources:
  Q: {Type: AWS::SQS::Queue}
  F: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn, BatchSize: 5}}}}}
");
    assert_eq!(property(&estate, "FE", "EventSourceArn"), "?Q.Arn!<Q.Arn>");
    assert_eq!(property(&estate, "FE", "FunctionName"), "?F!<F.>");
    assert!(
        property(&estate, "FRole", "ManagedPolicyArns").contains("AWSLambdaSQSQueueExecutionRole")
    );
}

#[test]
fn the_other_types() {
    let estate = sam("Globals: {Api: {TracingEnabled: true}}
Resources:
  A: {Type: AWS::Serverless::Api, Properties: {StageName: v1, AccessLogSetting: {DestinationArn: d}}}
  H: {Type: AWS::Serverless::HttpApi, Properties: {AccessLogSettings: {DestinationArn: d}}}
  T: {Type: AWS::Serverless::SimpleTable, Properties: {SSESpecification: {SSEEnabled: true}}}
  L: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: 's3://b/k/l.zip'}}
  S: {Type: AWS::Serverless::StateMachine, Properties: {Tracing: {Enabled: true}, Logging: {Level: ALL}}}
  P: {Type: AWS::Serverless::Application, Properties: {Location: {ApplicationId: x, SemanticVersion: 1.0.0}}}
  U: {Type: AWS::X::Y, Properties: {Stage: !Ref A.Stage}}
  C: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: S}, Permissions: [Read]}}
");
    assert_eq!(
        listed(&estate),
        [
            "A AWS::ApiGateway::RestApi",
            "ADeployment AWS::ApiGateway::Deployment",
            "Av1Stage AWS::ApiGateway::Stage",
            "H AWS::ApiGatewayV2::Api",
            "HApiGatewayDefaultStage AWS::ApiGatewayV2::Stage",
            "T AWS::DynamoDB::Table",
            "L AWS::Lambda::LayerVersion",
            "S AWS::StepFunctions::StateMachine",
            "SRole AWS::IAM::Role",
            "P AWS::CloudFormation::Stack",
            "U AWS::X::Y",
            "C AWS::Serverless::Connector",
        ]
    );
    assert_eq!(property(&estate, "Av1Stage", "TracingEnabled"), "true");
    assert_eq!(property(&estate, "Av1Stage", "AccessLogSetting"), "{DestinationArn: 'd'}");
    assert_eq!(property(&estate, "T", "BillingMode"), "'PAY_PER_REQUEST'");
    assert_eq!(property(&estate, "T", "SSESpecification"), "{SSEEnabled: true}");
    assert_eq!(property(&estate, "L", "Content"), "{S3Bucket: 'b', S3Key: 'k/l.zip'}");
    assert_eq!(property(&estate, "S", "LoggingConfiguration"), "{Level: 'ALL'}");
    assert_eq!(property(&estate, "U", "Stage"), "?Av1Stage!<Av1Stage.>");
    let unread: Vec<_> =
        estate.unread.iter().map(|one| (one.address.as_str(), one.references.len())).collect();
    assert_eq!(unread, [("P", 0), ("C", 1)]);
}
