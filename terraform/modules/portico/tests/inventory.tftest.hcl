# How many of each kind there are: what is added or lost by mistake shows here.

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

run "a_vendor_who_uses_everything_has_this_many_of_each" {
  command = plan

  assert {
    condition = {
      accounts_of_functions = length(module.function)
      alerts                = length(google_monitoring_alert_policy.main)
      apis                  = length(google_project_service.main)
      budgets               = length(google_billing_budget.main)
      backends              = length(google_compute_backend_service.main)
      custom_roles          = length(google_project_iam_custom_role.service_accounts) + length([google_project_iam_custom_role.sign_jwt, google_project_iam_custom_role.subscribe])
      expiring_fields       = length(google_firestore_field.expiry)
      email_channels        = length(google_monitoring_notification_channel.email)
      jobs                  = length(google_cloud_scheduler_job.main)
      metrics               = length(google_logging_metric.counter) + length(google_logging_metric.reconciled) + length([google_logging_metric.latency])
      objectives            = length(google_monitoring_slo.main)
      push_subscriptions    = length(module.marketplace) + length(module.replay)
      secrets               = length(google_secret_manager_secret.google_client)
      services              = length([for function in module.function : function if function.service != null])
      signers               = length(google_service_account_iam_member.sign_hand_off)
      unindexed_fields      = length(google_firestore_field.unindexed)
      uptime_checks         = length(google_monitoring_uptime_check_config.signup)
      usage_roles           = length(google_endpoints_service_iam_member.usage)
      } == {
      accounts_of_functions = 5
      alerts                = 26
      apis                  = 16
      backends              = 4
      budgets               = 1
      custom_roles          = 4
      email_channels        = 1
      expiring_fields       = 4
      jobs                  = 2
      metrics               = 14
      objectives            = 2
      push_subscriptions    = 2
      secrets               = 1
      services              = 5
      signers               = 2
      unindexed_fields      = 79
      uptime_checks         = 1
      usage_roles           = 1
    }
    error_message = "there are more or fewer of a kind than README.md tells of"
  }
}

run "a_vendor_who_uses_little_has_less" {
  command = plan

  variables {
    domain                       = null
    google_sign_in               = "off"
    google_client_id             = null
    google_client_secret_version = null
    marketplace_topic            = null
    metrics                      = null
    alert_email                  = null
    budget                       = null
    service_account_link         = null
    images = {
      procurement-events = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/procurement-events@sha256:4444444444444444444444444444444444444444444444444444444444444444"
      signup             = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/signup@sha256:1111111111111111111111111111111111111111111111111111111111111111"
      sso-login          = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/sso-login@sha256:2222222222222222222222222222222222222222222222222222222222222222"
    }
  }

  assert {
    condition = {
      accounts_of_functions = length(module.function)
      alerts                = length(google_monitoring_alert_policy.main)
      apis                  = length(google_project_service.main)
      budgets               = length(google_billing_budget.main)
      backends              = length(google_compute_backend_service.main)
      custom_roles          = length(google_project_iam_custom_role.service_accounts) + length([google_project_iam_custom_role.sign_jwt, google_project_iam_custom_role.subscribe])
      email_channels        = length(google_monitoring_notification_channel.email)
      jobs                  = length(google_cloud_scheduler_job.main)
      metrics               = length(google_logging_metric.counter) + length(google_logging_metric.reconciled) + length([google_logging_metric.latency])
      objectives            = length(google_monitoring_slo.main)
      push_subscriptions    = length(module.marketplace) + length(module.replay)
      secrets               = length(google_secret_manager_secret.google_client)
      uptime_checks         = length(google_monitoring_uptime_check_config.signup)
      usage_roles           = length(google_endpoints_service_iam_member.usage)
      } == {
      accounts_of_functions = 3
      alerts                = 15
      apis                  = 12
      backends              = 0
      budgets               = 0
      custom_roles          = 2
      email_channels        = 0
      jobs                  = 1
      metrics               = 12
      objectives            = 2
      push_subscriptions    = 1
      secrets               = 0
      uptime_checks         = 0
      usage_roles           = 0
    }
    error_message = "there is something that is not used"
  }
}
