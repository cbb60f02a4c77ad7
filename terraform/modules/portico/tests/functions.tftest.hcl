# What Cloud Run is told about each function.

mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "google" {
  alias = "marketplace"
}

mock_provider "google-beta" {
  source = "./tests/mocks_beta"
}

mock_provider "time" {}

run "functions_scale_to_zero_and_are_bounded" {
  assert {
    condition = alltrue([
      for function in module.function : function.service.template[0].scaling[0].min_instance_count == 0
    ])
    error_message = "a function keeps instances that nobody calls"
  }

  assert {
    condition = {
      for name, function in module.function : name => function.service.template[0].scaling[0].max_instance_count
      } == {
      procurement-events   = 4
      service-account-link = 10
      signup               = 10
      sso-login            = 10
      usage-report         = 10
    }
    error_message = "instances are not bounded as they should be"
  }
}

run "each_function_has_a_service_account_of_its_own" {
  assert {
    condition = {
      for name, function in module.function : name => function.service.template[0].service_account
      } == {
      for name in keys(module.function) : name => "portico-${name}@vendor-marketplace.iam.gserviceaccount.com"
    }
    error_message = "a function runs as another's account, or as the default one"
  }
}

run "identity_is_verified_in_process" {
  assert {
    condition     = alltrue([for function in module.function : function.service.invoker_iam_disabled])
    error_message = "Cloud Run's own check would take the signature off identity tokens"
  }
}

run "behind_the_load_balancer_there_is_no_way_around_it" {
  assert {
    condition = {
      for name, function in module.function : name => function.service.ingress
      } == {
      procurement-events   = "INGRESS_TRAFFIC_INTERNAL_ONLY"
      service-account-link = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
      signup               = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
      sso-login            = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
      usage-report         = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
    }
    error_message = "a function can be reached past the load balancer"
  }
}

run "without_a_load_balancer_only_procurement_events_is_internal" {
  variables {
    load_balancer = false
  }

  assert {
    condition = {
      for name, function in module.function : name => function.service.ingress
      } == {
      procurement-events   = "INGRESS_TRAFFIC_INTERNAL_ONLY"
      service-account-link = "INGRESS_TRAFFIC_ALL"
      signup               = "INGRESS_TRAFFIC_ALL"
      sso-login            = "INGRESS_TRAFFIC_ALL"
      usage-report         = "INGRESS_TRAFFIC_ALL"
    }
    error_message = "a function is reached from where it should not be, or not at all"
  }
}

run "behind_a_load_balancer_of_the_vendor_s_own_there_is_no_way_around_it_either" {
  command = plan

  variables {
    existing_load_balancer = true
    load_balancer          = false
  }

  assert {
    condition = alltrue([
      for name, function in output.functions :
      function.ingress == (length(function.paths) > 0 ? "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" : "INGRESS_TRAFFIC_INTERNAL_ONLY")
    ])
    error_message = "a function can be reached past the load balancer"
  }

  assert {
    condition     = length(google_compute_global_address.main) == 0 && !contains(keys(google_project_service.main), "compute.googleapis.com")
    error_message = "a second load balancer is built"
  }
}

run "two_load_balancers_are_refused" {
  command = plan

  variables {
    existing_load_balancer = true
  }

  expect_failures = [var.existing_load_balancer]
}

run "health_is_probed_where_google_lets_probes_through" {
  assert {
    condition = alltrue(flatten([
      for function in module.function : [
        for probe in concat(
          function.service.template[0].containers[0].startup_probe,
          function.service.template[0].containers[0].liveness_probe,
        ) : probe.http_get[0].path == "/health"
      ]
    ]))
    error_message = "a probe asks for another path than /health"
  }
}

run "instances_start_fast_and_cost_nothing_between_requests" {
  assert {
    condition = alltrue([
      for function in module.function :
      function.service.template[0].containers[0].resources[0].startup_cpu_boost &&
      function.service.template[0].containers[0].resources[0].cpu_idle
    ])
    error_message = "CPU is not given as it should be"
  }

  assert {
    condition = {
      for name, function in module.function : name => [
        function.service.template[0].max_instance_request_concurrency,
        function.service.template[0].containers[0].resources[0].limits.memory,
      ]
      } == {
      procurement-events   = [16, "512Mi"]
      service-account-link = [64, "128Mi"]
      signup               = [64, "128Mi"]
      sso-login            = [64, "128Mi"]
      usage-report         = [8, "512Mi"]
    }
    error_message = "sizes are not those that were measured"
  }
}

run "a_service_whose_first_revision_failed_can_be_made_again" {
  assert {
    condition     = alltrue([for function in module.function : function.service.deletion_protection == false])
    error_message = "a tainted service could neither be destroyed nor unprotected"
  }
}

run "before_there_are_images_there_are_accounts_and_no_services" {
  variables {
    images                       = {}
    google_client_secret_version = null
  }

  assert {
    condition     = alltrue([for function in module.function : function.service == null])
    error_message = "there is a service without an image"
  }

  assert {
    condition = keys(output.service_accounts_to_link) == [
      "portico-procurement-events@vendor-marketplace.iam.gserviceaccount.com",
      "portico-signup@vendor-marketplace.iam.gserviceaccount.com",
      "portico-subscriber@vendor-marketplace.iam.gserviceaccount.com",
    ]
    error_message = "the accounts to link are not there yet"
  }

  assert {
    condition     = output.registry == "europe-west1-docker.pkg.dev/vendor-marketplace/portico"
    error_message = "images cannot be pushed"
  }

  assert {
    condition     = alltrue([for function in output.functions : !function.deployed && function.image == null])
    error_message = "something is said to be deployed"
  }

  assert {
    condition     = length(google_cloud_scheduler_job.main) + length(module.marketplace) + length(module.replay) == 0
    error_message = "something calls a function that is not there"
  }
}

run "whoever_deploys_one_function_is_told_the_images_of_the_others" {
  assert {
    condition     = jsonencode({ for name, function in output.functions : name => function.image }) == jsonencode(var.images)
    error_message = "scripts/deploy.sh would take functions away where it has not run before"
  }
}

run "a_vendor_without_service_accounts_has_no_function_for_them" {
  variables {
    metrics              = null
    service_account_link = null
    images = {
      signup = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/signup@sha256:1111111111111111111111111111111111111111111111111111111111111111"
    }
  }

  assert {
    condition     = keys(module.function) == ["procurement-events", "signup", "sso-login"]
    error_message = "there are other functions than are used"
  }

  assert {
    condition     = output.service_account_link == null && length(google_project_iam_member.service_accounts) == 0
    error_message = "somebody may do something with service accounts"
  }
}
