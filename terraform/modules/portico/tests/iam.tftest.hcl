# What each service account may do, and that it may do nothing else.

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

run "the_hand_off_is_signed_by_sign_up_and_login_only" {
  assert {
    condition = {
      for name, grant in google_service_account_iam_member.sign_hand_off : name => [grant.service_account_id, grant.member]
      } == {
      for name in ["signup", "sso-login"] : name => [
        "projects/vendor-marketplace/serviceAccounts/portico-hand-off@vendor-marketplace.iam.gserviceaccount.com",
        "serviceAccount:portico-${name}@vendor-marketplace.iam.gserviceaccount.com",
      ]
    }
    error_message = "others may sign hand-offs"
  }

  assert {
    condition     = google_project_iam_custom_role.sign_jwt.permissions == toset(["iam.serviceAccounts.signJwt"])
    error_message = "whoever signs hand-offs may do more than that with the signer"
  }
}

run "each_function_reads_and_writes_one_database" {
  assert {
    condition = alltrue([
      for name, function in module.function :
      function.database_grant.role == "roles/datastore.user" &&
      function.database_grant.member == "serviceAccount:portico-${name}@vendor-marketplace.iam.gserviceaccount.com" &&
      function.database_grant.condition[0].expression == "resource.name == \"projects/vendor-marketplace/databases/portico\""
    ])
    error_message = "a function may use another database"
  }
}

run "changes_are_published_by_those_who_make_them_only" {
  assert {
    condition = {
      for name, function in module.function : name => length(function.topic_grants)
      } == {
      procurement-events   = 1
      service-account-link = 0
      signup               = 1
      sso-login            = 0
      usage-report         = 1
    }
    error_message = "others may tell the application of changes"
  }
}

run "secrets_are_read_by_who_needs_them_only" {
  assert {
    condition = {
      for name, function in module.function : name => length(function.secret_grants)
      } == {
      procurement-events   = 0
      service-account-link = 0
      signup               = 1
      sso-login            = 1
      usage-report         = 0
    }
    error_message = "others may read the OAuth client's secret"
  }
}

run "customers_service_accounts_are_made_by_one_function_and_disabled_by_another" {
  assert {
    condition = {
      for name, role in google_project_iam_custom_role.service_accounts : name => [role.project, role.permissions]
      } == {
      procurement-events   = ["vendor-customers", toset(["iam.serviceAccounts.disable", "iam.serviceAccounts.get"])]
      service-account-link = ["vendor-customers", toset(["iam.serviceAccounts.create", "iam.serviceAccounts.enable", "iam.serviceAccounts.get"])]
    }
    error_message = "somebody may do something else with customers' service accounts"
  }

  assert {
    condition = alltrue([
      for name, grant in google_project_iam_member.service_accounts :
      grant.project == "vendor-customers" &&
      grant.member == "serviceAccount:portico-${name}@vendor-marketplace.iam.gserviceaccount.com"
    ])
    error_message = "somebody else may use customers' service accounts"
  }
}

run "no_role_is_broad" {
  assert {
    condition = toset(concat(
      [for grant in google_service_account_iam_member.operators : grant.role],
      [google_service_account_iam_member.push_as.role, google_service_account_iam_member.push_tokens.role],
      )) == toset([
      "roles/iam.serviceAccountOpenIdTokenCreator",
      "roles/iam.serviceAccountTokenCreator",
      "roles/iam.serviceAccountUser",
    ])
    error_message = "a role is given that is more than was asked for"
  }

  assert {
    condition     = alltrue([for grant in google_service_account_iam_member.operators : grant.service_account_id == google_service_account.subscriber.name])
    error_message = "operators may act as another account than the one that subscribes"
  }
}

run "the_subscriber_can_only_keep_subscriptions" {
  assert {
    condition = google_project_iam_custom_role.subscribe.permissions == toset([
      "pubsub.subscriptions.create",
      "pubsub.subscriptions.delete",
      "pubsub.subscriptions.get",
      "pubsub.subscriptions.update",
    ])
    error_message = "the linked account may do more than subscribe"
  }
}
