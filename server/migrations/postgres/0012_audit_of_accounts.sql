-- What was done to accounts and in no workspace, for operators; and wrong passwords, which are forgotten after a while.
CREATE INDEX audit_log_accounts ON audit_log (id) WHERE workspace_id IS NULL;
CREATE INDEX audit_log_guesses ON audit_log (at) WHERE action = 'user.password_wrong';
