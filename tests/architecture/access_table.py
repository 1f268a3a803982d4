"""Who may use which route and which operation of the API. A route or operation that is missing here fails the build."""

ROLES = ("operator", "dispatcher", "technician", "agent", "sales_office", "verifier", "administrator")
STRANGER = "anonymous"


def _only(*roles: str) -> frozenset[str]:
    assert set(roles) <= set(ROLES)
    return frozenset((*roles, "administrator"))


SIGNED_IN = frozenset(ROLES)
ANYBODY = SIGNED_IN | {STRANGER}
ADMINISTRATOR = _only()
CATALOGUE = _only("sales_office")
READS_CUSTOMERS = _only("operator", "dispatcher", "agent", "sales_office", "verifier")
WRITES_CUSTOMERS = _only("operator", "dispatcher", "sales_office")
READS_TICKETS = _only("operator", "dispatcher", "sales_office", "verifier")
READS_WORK = READS_TICKETS | {"technician"}
TAKES_CALLS = _only("operator", "dispatcher")
REPORTS = _only("dispatcher", "technician", "verifier")
REMARKS = TAKES_CALLS | REPORTS
SEES_BOARD = _only("operator", "dispatcher", "agent")
PLANS = _only("dispatcher")
FIELD = frozenset({"technician"})
ACCEPTS = PLANS | FIELD
BILLS = _only("verifier")
IMPORTS = _only("dispatcher", "sales_office")

PAGES: dict[frozenset[str], str] = {
    ANYBODY: """
        healthz readyz metrics choose_language openapi-json calendar_feed choose_time
        account_login account_logout account_inactive mfa_authenticate mfa_login_webauthn
        first_access recover recover_answer
    """,
    SIGNED_IN: """
        home profile secret_question token_create token_revoke search choose_single_keys api_docs
        account_reauthenticate account_change_password mfa_index mfa_reauthenticate mfa_activate_totp
        mfa_deactivate_totp mfa_view_recovery_codes mfa_generate_recovery_codes mfa_download_recovery_codes
        mfa_list_webauthn mfa_add_webauthn mfa_reauthenticate_webauthn mfa_remove_webauthn mfa_edit_webauthn
        run run_cancel attachment history
        products product_edit product_search rate_cards rate_card
        to_do task_new task task_action appointment_done reminders feeds feed_revoke
    """,
    ADMINISTRATOR: """
        people person_new person person_code person_release person_disable person_enable teams team_new team
        settings number_books number_book_new number_book periods period_new period period_lock
        branches branch_new branch wordings wording wording_preview outgoing_mails outgoing_mail outgoing_again
        zones zone_new zone classifications classification_new classification
        planning_setup resources resource_new resource activity_types activity_type_new activity_type
        activity_type_dry_run activity_type_new_dry_run activity_type_mail
        activity_type_remove activity_states activity_state_new activity_state activity_state_remove
        sectors sector_new sector sector_remove
    """,
    IMPORTS: """
        imports import_new import_run import_mapping import_start import_resume import_rows import_refused
    """,
    CATALOGUE: """
        product_new rate_card_new vat_rates vat_rate_new vat_rate payment_terms payment_term_new payment_term
    """,
    READS_CUSTOMERS: """
        customers customer customer_search site_options contact_options asset_options customer_timeline
    """,
    WRITES_CUSTOMERS: """
        customer_new customer_edit customer_duplicates site_new site_edit site_remove
        contact_new contact_edit contact_remove asset_new asset_edit contract_new contract_edit
    """,
    TAKES_CALLS: """
        intake intake_customer intake_duplicates intake_new_customer intake_slots customer_link customer_link_revoke
    """,
    READS_TICKETS: "tickets work_orders customer_tickets monitor",
    READS_WORK: "ticket ticket_action work_order order_action service_report",
    REMARKS: "part_search",
    FIELD: "today my_work my_work_action my_absences my_absence_withdraw",
    FIELD | ADMINISTRATOR: "worked_hours worked_hours_day",
    SEES_BOARD: "board events",
    PLANS: """
        dispatch dispatch_fit dispatch_proposal dispatch_accept dispatch_dismiss dispatch_undo
        waiting_work plan_form unplan absences absence_new absence absence_remove
        presence_patterns presence_pattern_new presence_pattern presence_pattern_remove
        presences presence_generate presence_run
        absence_requests absence_request appointment_off
    """,
    BILLS: """
        verification verify take_back to_bill bill_customer
        invoices invoice invoice_confirm invoice_discard invoice_cancel invoice_file
    """,
}

# Pages that more people may read than send back.
WRITES: dict[frozenset[str], str] = {CATALOGUE: "product_edit rate_card"}

# What ticket_action and order_action do once the ticket or work order is found.
ACTIONS: dict[str, dict[frozenset[str], str]] = {
    "ticket_action": {
        TAKES_CALLS: "change relocate by-phone further cancel reopen",
        REMARKS: "message",
        ACCEPTS: "accept",
    },
    "order_action": {
        TAKES_CALLS: "card estimate estimate-new estimate-remove",
        REPORTS: """
            hours-take hours-new hours-change hours-remove expense-new expense-remove part-new part-remove
            notes photo sign start pause resume end report
        """,
        PLANS: "unplan crew-add crew-off crew-lead",
        ACCEPTS: "accept",
        TAKES_CALLS | FIELD: "confirm",
    },
}

OPERATIONS: dict[frozenset[str], str] = {
    SIGNED_IN: """
        list_products get_product list_vat_rates list_payment_terms list_rate_cards get_rate_card
        list_tasks get_task create_task change_task close_task reopen_task postpone_task hand_over_task
    """,
    READS_CUSTOMERS: """
        list_customers get_customer
        list_sectors list_activity_states list_activity_types list_resources list_absences free_slots
    """,
    WRITES_CUSTOMERS: """
        create_customer change_customer add_site change_site add_contact change_contact add_asset change_asset
        add_contract
    """,
    ADMINISTRATOR: "create_sector create_activity_type change_activity_type create_resource change_resource",
    IMPORTS: "list_import_kinds create_import get_import list_import_rows",
    CATALOGUE: "create_product change_product create_rate_card change_rate_card",
    READS_WORK: "tickets ticket ticket_messages work_orders work_order",
    TAKES_CALLS: """
        invite_customer close_customer_link
        take_call relocate_ticket resolve_by_phone cancel_ticket reopen_ticket add_work_order estimate_work
    """,
    REMARKS: "add_message",
    ACCEPTS: "accept_ticket list_absence_requests",
    FIELD: "ask_absence withdraw_absence_request",
    REPORTS: """
        start_work pause_work resume_work end_work report_work add_hours add_expense add_part
    """,
    SEES_BOARD: "board board_unplanned board_month save_board_look",
    PLANS: """
        plan_work_order unplan_work_order create_appointment move_appointment cancel_appointment
        dispatch_choices dispatch fit_in list_proposals proposal
        stop_proposal accept_proposal dismiss_proposal undo_proposal
        copy_appointments board_mails add_helper remove_helper make_lead
        create_absence change_absence delete_absence approve_absence_request refuse_absence_request
        list_presence_patterns create_presence_pattern change_presence_pattern delete_presence_pattern
        preview_presences generate_presences
    """,
    BILLS: "verifyWorkOrder sendReportBack listWorkToBill draftInvoice getInvoice confirmInvoice cancelInvoice",
}


def allowed(table: dict[frozenset[str], str]) -> dict[str, frozenset[str]]:
    """Each name with who may use it. Raises ValueError for a name that stands in two places."""
    found: dict[str, frozenset[str]] = {}
    for who, names in table.items():
        for name in names.split():
            if name in found:
                raise ValueError(f"{name} stands in the table twice")
            found[name] = who
    return found
