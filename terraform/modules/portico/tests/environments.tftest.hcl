# Staging beside production: other names, another database, and a state that stays its own.

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

run "names_labels_and_the_database_carry_the_environment" {
  command = plan

  variables {
    environment = "staging"
  }

  assert {
    condition = alltrue([
      for name in concat(
        [for function in module.function : function.service.name],
        [for account in [google_service_account.hand_off, google_service_account.push, google_service_account.scheduler, google_service_account.subscriber] : account.account_id],
        [for topic in [google_pubsub_topic.changes, google_pubsub_topic.dead_letters, google_pubsub_topic.replay] : topic.name],
        [for subscription in concat(module.marketplace, module.replay) : subscription.name],
        [for metric in google_logging_metric.counter : metric.name],
        [for metric in google_logging_metric.reconciled : metric.name],
        [for job in google_cloud_scheduler_job.main : job.name],
        [for alert in google_monitoring_alert_policy.main : alert.display_name],
        [for backend in google_compute_backend_service.main : backend.name],
        [
          google_artifact_registry_repository.main.repository_id,
          google_compute_global_address.main[0].name,
          google_compute_global_forwarding_rule.http[0].name,
          google_compute_global_forwarding_rule.https[0].name,
          google_compute_managed_ssl_certificate.main[0].name,
          google_compute_security_policy.main[0].name,
          google_compute_ssl_policy.main[0].name,
          google_compute_url_map.http[0].name,
          google_compute_url_map.main[0].name,
          google_firestore_database.main.name,
          google_logging_metric.latency.name,
          google_logging_project_exclusion.requests.name,
          google_monitoring_uptime_check_config.signup[0].display_name,
          google_pubsub_subscription.dead_letters.name,
          google_secret_manager_secret.google_client[0].secret_id,
        ],
      ) : can(regex("^portico-staging([-/:]|$)", name))
    ])
    error_message = "something would be shared with another environment, or clash with it"
  }

  assert {
    condition = alltrue([
      for role in concat(values(google_project_iam_custom_role.service_accounts), [google_project_iam_custom_role.sign_jwt, google_project_iam_custom_role.subscribe]) :
      startswith(role.role_id, "portico_staging_")
    ])
    error_message = "a role would be another environment's too"
  }

  assert {
    condition = alltrue([
      for labels in concat(
        [for function in module.function : function.service.labels],
        [google_pubsub_topic.changes.labels, google_secret_manager_secret.google_client[0].labels, google_artifact_registry_repository.main.labels],
      ) : labels == tomap({ application = "portico-staging", environment = "staging" })
    ])
    error_message = "costs cannot be told apart"
  }
}

run "ids_of_service_accounts_stay_within_30_characters" {
  command = plan

  variables {
    environment = "production1"
  }

  assert {
    condition = jsonencode(values(local.account_ids)) == jsonencode([
      "portico-production1-events", "portico-production1-links", "portico-production1-signup", "portico-production1-sso-login", "portico-production1-usage",
    ])
    error_message = "Google would refuse an id"
  }
}

run "an_environment_that_is_no_name_or_too_long_is_refused" {
  command = plan

  variables {
    environment = "Production-of-Europe"
  }

  expect_failures = [var.environment]
}

run "a_deployment_from_before_keeps_its_names" {
  command = plan

  variables {
    prefix = "acme"
  }

  assert {
    condition     = google_firestore_database.main.name == "portico" && google_pubsub_topic.changes.name == "acme-changes" && local.account_ids["service-account-link"] == "acme-service-account-link"
    error_message = "a database or an account would be made again under another name"
  }
}

run "staging_is_applied" {
  variables {
    environment = "staging"
    images      = {}
  }

  assert {
    condition     = terraform_data.deployment.input == "vendor-marketplace: portico-staging"
    error_message = "the state does not say whose it is"
  }

  assert {
    condition = alltrue([
      for alert in google_monitoring_alert_policy.main :
      length(regexall("portico[-_]", alert.conditions[0].condition_prometheus_query_language[0].query)) ==
      length(regexall("portico[-_]staging", alert.conditions[0].condition_prometheus_query_language[0].query))
    ])
    error_message = "an alert looks at another environment"
  }
}

run "the_same_again_is_no_other_environment" {
  command = plan

  variables {
    environment = "staging"
    images      = {}
  }
}

run "a_plan_that_would_make_production_of_staging_is_refused" {
  command = plan

  variables {
    environment = "production"
    images      = {}
  }

  expect_failures = [terraform_data.deployment]
}

run "a_plan_that_would_move_staging_to_another_project_is_refused" {
  command = plan

  variables {
    environment = "staging"
    images      = {}
    project     = "vendor-production"
  }

  expect_failures = [terraform_data.deployment]
}
