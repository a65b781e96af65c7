# A service and a function, after the change: own instances, own image.

resource "aws_ecs_cluster" "shop" {
  name = "shop"
}

resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.shop.id
  task_definition = "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7"
  desired_count   = 2
  launch_type     = "EC2"

  network_configuration {
    subnets = ["subnet-0a1b2c3d", "subnet-4e5f6a7b"]
  }
}

resource "aws_lambda_function" "receipts" {
  function_name = "receipts"
  role          = "arn:aws:iam::123456789012:role/receipts"
  package_type  = "Image"
  image_uri     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/receipts:42"
}
