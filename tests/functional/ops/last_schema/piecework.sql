BEGIN TRANSACTION;
CREATE TABLE account (
	id INTEGER NOT NULL, 
	phone VARCHAR(11) NOT NULL, 
	name VARCHAR(40) NOT NULL, 
	password_hash VARCHAR(200) NOT NULL, 
	role VARCHAR(32) NOT NULL, 
	branch_id INTEGER, 
	title VARCHAR(40) NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	large_print BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_account PRIMARY KEY (id), 
	CONSTRAINT ck_account_staff_has_branch CHECK (role <> 'staff' OR branch_id IS NOT NULL), 
	CONSTRAINT fk_account_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id), 
	CONSTRAINT uq_account_phone UNIQUE (phone), 
	CONSTRAINT ck_account_role CHECK (role IN ('resident', 'employer', 'staff', 'admin'))
);
INSERT INTO "account" VALUES(1,'13900000029','测试29','$argon2id$v=19$m=64,t=1,p=4$vzJb0u5h/sZbcj8s2WETYg$llDgxdmuF4HkU/hbgQuPgvvLHFm9P8OInBEXxoe++qI','employer',NULL,'',1,0,'2026-11-30 13:01:32.835115');
INSERT INTO "account" VALUES(2,'13900000031','测试31','$argon2id$v=19$m=64,t=1,p=4$vzJb0u5h/sZbcj8s2WETYg$llDgxdmuF4HkU/hbgQuPgvvLHFm9P8OInBEXxoe++qI','staff',1,'',1,0,'2026-11-30 13:01:32.877723');
INSERT INTO "account" VALUES(3,'13900000033','测试33','$argon2id$v=19$m=64,t=1,p=4$vzJb0u5h/sZbcj8s2WETYg$llDgxdmuF4HkU/hbgQuPgvvLHFm9P8OInBEXxoe++qI','staff',2,'',1,0,'2026-11-30 13:01:32.894898');
INSERT INTO "account" VALUES(4,'13900000038','居民36','$argon2id$v=19$m=64,t=1,p=4$vzJb0u5h/sZbcj8s2WETYg$llDgxdmuF4HkU/hbgQuPgvvLHFm9P8OInBEXxoe++qI','resident',NULL,'',1,0,'2026-11-30 13:01:32.896449');
INSERT INTO "account" VALUES(5,'13900000041','居民39','$argon2id$v=19$m=64,t=1,p=4$vzJb0u5h/sZbcj8s2WETYg$llDgxdmuF4HkU/hbgQuPgvvLHFm9P8OInBEXxoe++qI','resident',NULL,'',1,0,'2026-11-30 13:01:32.922759');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0081');
CREATE TABLE audit_event (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	account_id INTEGER, 
	action VARCHAR(64) NOT NULL, 
	subject VARCHAR(64) NOT NULL, 
	details JSON NOT NULL, 
	request_id VARCHAR(32) NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit_event PRIMARY KEY (id), 
	CONSTRAINT uq_audit_event_digest UNIQUE (digest)
);
INSERT INTO "audit_event" VALUES(1,'2026-11-30 13:01:33.139413',1,'opening.create','opening:1','{"kind": "piecework"}','','0000000000000000000000000000000000000000000000000000000000000000','8e53bcb5bfdafa848daa116d42c4ada481a07c9312440ef39d6110668f81975a');
INSERT INTO "audit_event" VALUES(2,'2026-11-30 13:01:33.140688',1,'piecework.create','piecework_order:1','{"mode": "supplied"}','','8e53bcb5bfdafa848daa116d42c4ada481a07c9312440ef39d6110668f81975a','ae0e43847181b861971a3bf0670e3f93396c90434a78d8699ab1caf72985b900');
INSERT INTO "audit_event" VALUES(3,'2026-11-30 13:01:33.367281',1,'opening.create','opening:2','{"kind": "piecework"}','','ae0e43847181b861971a3bf0670e3f93396c90434a78d8699ab1caf72985b900','4a5c732cfdae18983c3e6bedaa554a213374fb1c4c6101700e02160b49cf6e73');
INSERT INTO "audit_event" VALUES(4,'2026-11-30 13:01:33.367734',1,'piecework.create','piecework_order:2','{"mode": "supplied"}','','4a5c732cfdae18983c3e6bedaa554a213374fb1c4c6101700e02160b49cf6e73','fc97abea78135845e32167bf05799df68ab275562c87e5c186044950e3124962');
INSERT INTO "audit_event" VALUES(5,'2026-11-30 13:01:33.420629',1,'opening.submit','opening:2','{}','','fc97abea78135845e32167bf05799df68ab275562c87e5c186044950e3124962','3f98c3cc4e797d2cf71aa4b2d3418226afa54a2a936b620b4e331b3c6dd501c0');
INSERT INTO "audit_event" VALUES(6,'2026-11-30 13:01:33.421192',1,'piecework.order_submit','piecework_order:2','{"was": "draft"}','','3f98c3cc4e797d2cf71aa4b2d3418226afa54a2a936b620b4e331b3c6dd501c0','9f50500ac4635fc6a74c39620a4d86a5ae4194bed0778420a2e7af2984b09845');
INSERT INTO "audit_event" VALUES(7,'2026-11-30 13:01:33.467863',2,'piecework.order_seal','piecework_order:2','{"was": "safety_review"}','','9f50500ac4635fc6a74c39620a4d86a5ae4194bed0778420a2e7af2984b09845','e98edba4db09baf7ab0ea4dd25bbdaa6321427279b404a26c836908c3d283a04');
INSERT INTO "audit_event" VALUES(8,'2026-11-30 13:01:33.489808',2,'piecework.time','piecework_trial:1','{"order": 2}','','e98edba4db09baf7ab0ea4dd25bbdaa6321427279b404a26c836908c3d283a04','31775015705f63a70239f85a85f6a38c37d2e9a4b609dda64bed9d0ba2c3d66b');
INSERT INTO "audit_event" VALUES(9,'2026-11-30 13:01:33.512883',2,'piecework.time','piecework_trial:2','{"order": 2}','','31775015705f63a70239f85a85f6a38c37d2e9a4b609dda64bed9d0ba2c3d66b','dfb8088055076a3f26ea66258a502421eb5defbfd288162fa7496319c35f0c41');
INSERT INTO "audit_event" VALUES(10,'2026-11-30 13:01:33.528364',2,'piecework.time','piecework_trial:3','{"order": 2}','','dfb8088055076a3f26ea66258a502421eb5defbfd288162fa7496319c35f0c41','c0b34e2e149322390670745c61a79f7de7c9018afa550dedacf6746dc455baf7');
INSERT INTO "audit_event" VALUES(11,'2026-11-30 13:01:33.585687',2,'opening.publish','opening:2','{"flags": []}','','c0b34e2e149322390670745c61a79f7de7c9018afa550dedacf6746dc455baf7','92d0a561af7f1aa6297551cf56a9203c54df88d4f0ba154fec7032a55d88b973');
INSERT INTO "audit_event" VALUES(12,'2026-11-30 13:01:33.606174',2,'piecework.order_publish','piecework_order:2','{"was": "sample_sealed"}','','92d0a561af7f1aa6297551cf56a9203c54df88d4f0ba154fec7032a55d88b973','712d0433e3b700840922e92f719d81de6939b50ad2932d25785134a760fd1a58');
INSERT INTO "audit_event" VALUES(13,'2026-11-30 13:01:33.691739',2,'piecework.receive','piecework_lot:1','{"amount": 5000}','','712d0433e3b700840922e92f719d81de6939b50ad2932d25785134a760fd1a58','8c1054675462555818110f30fe6ee4eeecc8855a65677c7a0a38b2754142b537');
INSERT INTO "audit_event" VALUES(14,'2026-11-30 13:01:33.692176',2,'piecework.order_receive','piecework_order:2','{"was": "published"}','','8c1054675462555818110f30fe6ee4eeecc8855a65677c7a0a38b2754142b537','a6408d56964b0ee8e528a1b8125bc55c4bbcd10bbf704bb25869f308c90e55f2');
INSERT INTO "audit_event" VALUES(15,'2026-11-30 13:01:33.798268',4,'piecework.claim','piecework_assignment:1','{"pieces": 20, "order": 2}','','a6408d56964b0ee8e528a1b8125bc55c4bbcd10bbf704bb25869f308c90e55f2','9dafbd3a72b9751599c36ace67c3c648e35af3a53c4c91d59a54406991dc7030');
INSERT INTO "audit_event" VALUES(16,'2026-11-30 13:01:33.834946',2,'piecework.time','piecework_trial:4','{"order": 2}','','9dafbd3a72b9751599c36ace67c3c648e35af3a53c4c91d59a54406991dc7030','59a55fd5643e912eebc1291983254597dd51c9cf5b33afd4da3e2b680b492b2b');
INSERT INTO "audit_event" VALUES(17,'2026-11-30 13:01:33.835402',2,'piecework.share_pass_trial','piecework_assignment:1','{"was": "claimed"}','','59a55fd5643e912eebc1291983254597dd51c9cf5b33afd4da3e2b680b492b2b','c552963756a266e80a4e80896af9b7461d5d07c1da68d45988ac42827cc1e00c');
INSERT INTO "audit_event" VALUES(18,'2026-11-30 13:01:33.903238',2,'piecework.issue','piecework_assignment:1','{"lot": 1, "amount": 462, "over": 0, "replacement": false}','','c552963756a266e80a4e80896af9b7461d5d07c1da68d45988ac42827cc1e00c','e202f4ca2e26b66cb544e2ff8786e221e81e2a53e86e2f4bf2c844d4e93acdd4');
INSERT INTO "audit_event" VALUES(19,'2026-11-30 13:01:33.903828',2,'piecework.share_issue','piecework_assignment:1','{"was": "trial_passed"}','','e202f4ca2e26b66cb544e2ff8786e221e81e2a53e86e2f4bf2c844d4e93acdd4','7ebf9645f4f4dff3601d28b8d097e248135dff9ae77ac118b8e1d169d7c8dd97');
INSERT INTO "audit_event" VALUES(20,'2026-11-30 13:01:33.904135',2,'piecework.order_start','piecework_order:2','{"was": "material_in"}','','7ebf9645f4f4dff3601d28b8d097e248135dff9ae77ac118b8e1d169d7c8dd97','984b8375e9be3ceb9bc421011840a4297e124f8b4e61a54f573a16330e717341');
INSERT INTO "audit_event" VALUES(21,'2026-11-30 13:01:33.981746',4,'piecework.share_submit','piecework_assignment:1','{"was": "issued"}','','984b8375e9be3ceb9bc421011840a4297e124f8b4e61a54f573a16330e717341','a61a6bcffd5b99ddd35188f39be4bb2af7c393a5e1f4806e916d6c5e93889710');
INSERT INTO "audit_event" VALUES(22,'2026-11-30 13:01:33.991073',4,'piecework.submit','piecework_delivery:1','{"pieces": 20, "rework": false}','','a61a6bcffd5b99ddd35188f39be4bb2af7c393a5e1f4806e916d6c5e93889710','683f9ac577470eaa8a54b7465130b080736a4e13654014012e20d82ac5b8a48e');
INSERT INTO "audit_event" VALUES(23,'2026-11-30 13:01:34.132344',2,'piecework.share_inspect','piecework_assignment:1','{"was": "submitted"}','','683f9ac577470eaa8a54b7465130b080736a4e13654014012e20d82ac5b8a48e','955b0c5b6526ef0956526c445e4ac12e3da3ff434bb09103a89bd21aa31a41a9');
INSERT INTO "audit_event" VALUES(24,'2026-11-30 13:01:34.132968',2,'piecework.inspect','piecework_inspection:1','{"accepted": 20, "rework": 0, "rejected": 0}','','955b0c5b6526ef0956526c445e4ac12e3da3ff434bb09103a89bd21aa31a41a9','8ee9cec1858af4b11caee91e673163c66f21069f56fa279435ce1ef9f49ef5ea');
INSERT INTO "audit_event" VALUES(25,'2026-11-30 13:01:34.133301',2,'piecework.share_accept','piecework_assignment:1','{"was": "inspected"}','','8ee9cec1858af4b11caee91e673163c66f21069f56fa279435ce1ef9f49ef5ea','6add1c45c88a41f8ef0bc9720c2894a937882ad096b53f5d4f285fc540d14875');
INSERT INTO "audit_event" VALUES(26,'2026-11-30 13:01:34.286998',2,'piecework.offer','piecework_tranche:1','{"pieces": 20}','','6add1c45c88a41f8ef0bc9720c2894a937882ad096b53f5d4f285fc540d14875','caa3b5448a60d2c39f14aef2d8cc365a4cb5340c0026213fbf6b73c8e8763adf');
INSERT INTO "audit_event" VALUES(27,'2026-11-30 13:01:34.287570',2,'piecework.order_deliver','piecework_order:2','{"was": "in_production"}','','caa3b5448a60d2c39f14aef2d8cc365a4cb5340c0026213fbf6b73c8e8763adf','50f5cbccbede461625bcc9754d8c4e74caa6ff38e73af07b21fe67d432f6cc8c');
INSERT INTO "audit_event" VALUES(28,'2026-11-30 13:01:34.394788',1,'piecework.take','piecework_tranche:1','{}','','50f5cbccbede461625bcc9754d8c4e74caa6ff38e73af07b21fe67d432f6cc8c','f60c0a7b799a339a0fa9b7fdf308e798741fd88578f9b69b0c927c5e0ed9433c');
INSERT INTO "audit_event" VALUES(29,'2026-11-30 13:01:34.395317',1,'piecework.order_continue','piecework_order:2','{"was": "part_delivered"}','','f60c0a7b799a339a0fa9b7fdf308e798741fd88578f9b69b0c927c5e0ed9433c','9492c0a387649e23d22effed77dd181d13576a60e12aebfb1063323d71c849c0');
INSERT INTO "audit_event" VALUES(30,'2026-11-30 13:01:34.465954',1,'piecework.declare_payment','piecework_company_payment:1','{"fen": 8000}','','9492c0a387649e23d22effed77dd181d13576a60e12aebfb1063323d71c849c0','36b4530d2089110e3a6dbe10ce88d7f11c25ceaf0a019b6a2a2e57eeaa1894d7');
INSERT INTO "audit_event" VALUES(31,'2026-11-30 13:01:34.544528',2,'piecework.confirm_payment','piecework_company_payment:1','{}','','36b4530d2089110e3a6dbe10ce88d7f11c25ceaf0a019b6a2a2e57eeaa1894d7','4f5dd063b4866202184bc1ce6e9e1ef6a99f930a089eadd1574f86ddea1fca0e');
INSERT INTO "audit_event" VALUES(32,'2026-11-30 13:01:34.619907',2,'piecework.release','piecework_tranche:1','{}','','4f5dd063b4866202184bc1ce6e9e1ef6a99f930a089eadd1574f86ddea1fca0e','6420989abd0e2c6395a7e8a5fb90b1db8645c084be96567028669ed4868446ef');
INSERT INTO "audit_event" VALUES(33,'2026-11-30 13:01:34.706933',1,'piecework.order_company_accept','piecework_order:2','{"was": "in_production"}','','6420989abd0e2c6395a7e8a5fb90b1db8645c084be96567028669ed4868446ef','ac3f17d932dc051ce0a7d85f75248a56fa248cd2287faf4dbf8e7631a811fd83');
INSERT INTO "audit_event" VALUES(34,'2026-11-30 13:01:34.707668',1,'opening.close','opening:2','{}','','ac3f17d932dc051ce0a7d85f75248a56fa248cd2287faf4dbf8e7631a811fd83','df8bfb264b2ccfcb218295f219a6881d25ec192103c48bf934b43e12f0a9c3bd');
INSERT INTO "audit_event" VALUES(35,'2026-11-30 13:01:34.707988',1,'match.close_opening','opening:2','{"count": 0}','','df8bfb264b2ccfcb218295f219a6881d25ec192103c48bf934b43e12f0a9c3bd','7c2d4b7e17c8444f9afe9429e9c597c686acb83f7c9aa74ea70591b4c3896c9f');
INSERT INTO "audit_event" VALUES(36,'2026-11-30 13:01:34.826920',2,'piecework.settle','settlement_run:1','{"lines": 1, "fen": 6000}','','7c2d4b7e17c8444f9afe9429e9c597c686acb83f7c9aa74ea70591b4c3896c9f','668ff4e94f3a9e35500d74986f171756906e1788de4669c5e6943bdc08e21bfe');
INSERT INTO "audit_event" VALUES(37,'2026-11-30 13:01:34.827476',2,'piecework.share_settle','piecework_assignment:1','{"was": "accepted"}','','668ff4e94f3a9e35500d74986f171756906e1788de4669c5e6943bdc08e21bfe','243d68a1cc51d2fd87acb57db13f2c90b99ee2f2e3f07ad149ea4e9a2701f261');
INSERT INTO "audit_event" VALUES(38,'2026-11-30 13:01:35.035768',3,'piecework.pay','settlement_payment:1','{"fen": 6000}','','243d68a1cc51d2fd87acb57db13f2c90b99ee2f2e3f07ad149ea4e9a2701f261','aa8ced7de080f9d4080056c4cb48dfb328ed88ee0c47324074df0d06bb5f248a');
INSERT INTO "audit_event" VALUES(39,'2026-11-30 13:01:35.036195',3,'piecework.order_pay','piecework_order:2','{"was": "company_accepted"}','','aa8ced7de080f9d4080056c4cb48dfb328ed88ee0c47324074df0d06bb5f248a','085b1a045cc02ce4441980cf07d33fa23e61a44901688beef39a7736f703b217');
INSERT INTO "audit_event" VALUES(40,'2026-11-30 13:01:35.092648',2,'piecework.take_back','piecework_assignment:1','{"lot": 1, "amount": 22}','','085b1a045cc02ce4441980cf07d33fa23e61a44901688beef39a7736f703b217','cec1f405ce800aeee45995fe6a224ca543518209723d51371fd4c527b194e777');
INSERT INTO "audit_event" VALUES(41,'2026-11-30 13:01:35.113294',2,'piecework.share_close','piecework_assignment:1','{"was": "settled"}','','cec1f405ce800aeee45995fe6a224ca543518209723d51371fd4c527b194e777','fc8e465165d063d3aef483ea33c1c360f7945c631ae625b9b29e0a19a3ea0885');
INSERT INTO "audit_event" VALUES(42,'2026-11-30 13:01:35.203976',2,'piecework.return_to_company','piecework_lot:1','{"amount": 4560}','','fc8e465165d063d3aef483ea33c1c360f7945c631ae625b9b29e0a19a3ea0885','94c3841b38f1d0eb895344884ead9f7a3a152a89528c655f2bc19a38f576fc27');
INSERT INTO "audit_event" VALUES(43,'2026-11-30 13:01:35.261498',2,'piecework.order_close','piecework_order:2','{"was": "paid"}','','94c3841b38f1d0eb895344884ead9f7a3a152a89528c655f2bc19a38f576fc27','7b2cef217cd4688e39d7111c56de8c34f31c3355d3a6bad171cc11eb88c889c0');
CREATE TABLE "branch" (
	id INTEGER NOT NULL, 
	name VARCHAR(20) NOT NULL, 
	purpose VARCHAR(100) NOT NULL, 
	office VARCHAR(100) NOT NULL, 
	phone VARCHAR(20) NOT NULL, 
	serves_all BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_branch PRIMARY KEY (id), 
	CONSTRAINT uq_branch_name UNIQUE (name)
);
INSERT INTO "branch" VALUES(1,'富民32','就业创业','1号楼','023-61234567',1);
INSERT INTO "branch" VALUES(2,'富民34','就业创业','1号楼','023-61234567',1);
INSERT INTO "branch" VALUES(3,'富民35','就业创业','1号楼','023-61234567',1);
CREATE TABLE consent (
	id INTEGER NOT NULL, 
	resident_id INTEGER NOT NULL, 
	purpose VARCHAR(32) NOT NULL, 
	employer_id INTEGER, 
	given_at DATETIME NOT NULL, 
	given_by_id INTEGER, 
	channel VARCHAR(20) NOT NULL, 
	withdrawn_at DATETIME, note VARCHAR(200) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_consent PRIMARY KEY (id), 
	CONSTRAINT ck_consent_employer_consent_names_one CHECK ((purpose = 'employer') = (employer_id IS NOT NULL)), 
	CONSTRAINT fk_consent_employer_id FOREIGN KEY(employer_id) REFERENCES employer (id), 
	CONSTRAINT fk_consent_given_by_id FOREIGN KEY(given_by_id) REFERENCES account (id), 
	CONSTRAINT fk_consent_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id) ON DELETE CASCADE, 
	CONSTRAINT ck_consent_consentpurpose CHECK (purpose IN ('service', 'sensitive', 'employer', 'assisted'))
);
CREATE TABLE contact (
	id INTEGER NOT NULL, 
	resident_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	way VARCHAR(32) NOT NULL, 
	reached BOOLEAN NOT NULL, 
	words VARCHAR(300) NOT NULL, 
	next_on DATE, 
	form_key VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_contact PRIMARY KEY (id), 
	CONSTRAINT fk_contact_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_contact_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id) ON DELETE CASCADE, 
	CONSTRAINT uq_contact_form_key UNIQUE (form_key), 
	CONSTRAINT ck_contact_contactway CHECK (way IN ('phone', 'visit', 'office'))
);
CREATE TABLE contact_agreement (
	id INTEGER NOT NULL, 
	thread_id INTEGER NOT NULL, 
	side VARCHAR(32) NOT NULL, 
	given_at DATETIME NOT NULL, 
	given_by_id INTEGER, 
	on_behalf BOOLEAN NOT NULL, 
	withdrawn_at DATETIME, 
	withdrawn_by_id INTEGER, 
	CONSTRAINT pk_contact_agreement PRIMARY KEY (id), 
	CONSTRAINT ck_contact_agreement_agreed_by_a_party CHECK (side <> 'staff'), 
	CONSTRAINT fk_contact_agreement_given_by_id FOREIGN KEY(given_by_id) REFERENCES account (id), 
	CONSTRAINT fk_contact_agreement_thread_id FOREIGN KEY(thread_id) REFERENCES message_thread (id) ON DELETE CASCADE, 
	CONSTRAINT fk_contact_agreement_withdrawn_by_id FOREIGN KEY(withdrawn_by_id) REFERENCES account (id), 
	CONSTRAINT ck_contact_agreement_side CHECK (side IN ('resident', 'employer', 'staff'))
);
CREATE TABLE duplicate_pair (
	id INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	first_id INTEGER NOT NULL, 
	second_id INTEGER NOT NULL, 
	evidence JSON NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	found_at DATETIME NOT NULL, 
	decided_at DATETIME, 
	decided_by_id INTEGER, 
	kept_id INTEGER, 
	moved JSON NOT NULL, 
	"before" JSON NOT NULL, 
	CONSTRAINT pk_duplicate_pair PRIMARY KEY (id), 
	CONSTRAINT ck_duplicate_pair_older_first CHECK (first_id < second_id), 
	CONSTRAINT ck_duplicate_pair_merged_keeps_one CHECK ((state = 'merged') = (kept_id IS NOT NULL)), 
	CONSTRAINT fk_duplicate_pair_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES account (id), 
	CONSTRAINT uq_duplicate_pair_kind_first_id_second_id UNIQUE (kind, first_id, second_id), 
	CONSTRAINT ck_duplicate_pair_duplicatekind CHECK (kind IN ('opening', 'resident')), 
	CONSTRAINT ck_duplicate_pair_pairstate CHECK (state IN ('open', 'apart', 'merged'))
);
CREATE TABLE "employer" (
	id INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	credit_code VARCHAR(18), 
	industry VARCHAR(40) NOT NULL, 
	contact_name VARCHAR(40) NOT NULL, 
	phone VARCHAR(20) NOT NULL, 
	address VARCHAR(120) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	state_reason VARCHAR(200) NOT NULL, 
	verified_at DATETIME, 
	verified_by_id INTEGER, 
	created_at DATETIME NOT NULL, 
	licence_number VARCHAR(40) DEFAULT ('') NOT NULL, 
	licence_until DATE, 
	authorised_until DATE, 
	closed_at DATETIME, 
	revision INTEGER DEFAULT '1' NOT NULL, 
	CONSTRAINT pk_employer PRIMARY KEY (id), 
	CONSTRAINT ck_employer_closed_has_date CHECK (state <> 'closed' OR closed_at IS NOT NULL), 
	CONSTRAINT fk_employer_verified_by_id FOREIGN KEY(verified_by_id) REFERENCES account (id), 
	CONSTRAINT ck_employer_verified_has_date CHECK (state <> 'verified' OR verified_at IS NOT NULL), 
	CONSTRAINT uq_employer_credit_code UNIQUE (credit_code), 
	CONSTRAINT uq_employer_name UNIQUE (name), 
	CONSTRAINT ck_employer_employerstate CHECK (state IN ('pending', 'verified', 'suspended', 'refused', 'lapsed', 'closed'))
);
INSERT INTO "employer" VALUES(1,'重庆测试30有限公司',NULL,'','','','','verified','','2026-11-30 13:01:32.860345',NULL,'2026-11-30 13:01:32.860350','',NULL,NULL,NULL,1);
CREATE TABLE employer_check (
	id INTEGER NOT NULL, 
	employer_id INTEGER NOT NULL, 
	checked_at DATETIME NOT NULL, 
	checked_by_id INTEGER, 
	licence_number VARCHAR(40) NOT NULL, 
	licence_until DATE, 
	agent_name VARCHAR(40) NOT NULL, 
	authorised_until DATE, 
	CONSTRAINT pk_employer_check PRIMARY KEY (id), 
	CONSTRAINT fk_employer_check_employer_id FOREIGN KEY(employer_id) REFERENCES employer (id) ON DELETE CASCADE, 
	CONSTRAINT fk_employer_check_checked_by_id FOREIGN KEY(checked_by_id) REFERENCES account (id)
);
CREATE TABLE employer_complaint (
	id INTEGER NOT NULL, 
	employer_id INTEGER NOT NULL, 
	opening_id INTEGER, 
	resident_id INTEGER, 
	filed_by_id INTEGER, 
	kind VARCHAR(32) NOT NULL, 
	words TEXT NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	outcome VARCHAR(32), 
	answer VARCHAR(500) NOT NULL, 
	handled_at DATETIME, 
	handled_by_id INTEGER, 
	form_key VARCHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_employer_complaint PRIMARY KEY (id), 
	CONSTRAINT ck_employer_complaint_handled_has_outcome CHECK ((state = 'handled') = (handled_at IS NOT NULL AND outcome IS NOT NULL)), 
	CONSTRAINT fk_employer_complaint_employer_id FOREIGN KEY(employer_id) REFERENCES employer (id), 
	CONSTRAINT fk_employer_complaint_opening_id FOREIGN KEY(opening_id) REFERENCES opening (id) ON DELETE SET NULL, 
	CONSTRAINT fk_employer_complaint_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id) ON DELETE SET NULL, 
	CONSTRAINT fk_employer_complaint_filed_by_id FOREIGN KEY(filed_by_id) REFERENCES account (id), 
	CONSTRAINT fk_employer_complaint_handled_by_id FOREIGN KEY(handled_by_id) REFERENCES account (id), 
	CONSTRAINT uq_employer_complaint_form_key UNIQUE (form_key), 
	CONSTRAINT ck_employer_complaint_complaintkind CHECK (kind IN ('fee', 'id_retention', 'false_offer', 'unpaid', 'discrimination', 'treatment', 'other')), 
	CONSTRAINT ck_employer_complaint_complaintstate CHECK (state IN ('open', 'handled')), 
	CONSTRAINT ck_employer_complaint_complaintoutcome CHECK (outcome IN ('upheld', 'settled', 'unfounded', 'referred'))
);
CREATE TABLE employer_member (
	id INTEGER NOT NULL, 
	employer_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	CONSTRAINT pk_employer_member PRIMARY KEY (id), 
	CONSTRAINT fk_employer_member_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE, 
	CONSTRAINT fk_employer_member_employer_id FOREIGN KEY(employer_id) REFERENCES employer (id) ON DELETE CASCADE, 
	CONSTRAINT uq_employer_member_account_id UNIQUE (account_id)
);
INSERT INTO "employer_member" VALUES(1,1,1);
CREATE TABLE employment_month (
	id INTEGER NOT NULL, 
	month DATE NOT NULL, 
	working INTEGER NOT NULL, 
	able INTEGER NOT NULL, 
	by_job INTEGER NOT NULL, 
	by_business INTEGER NOT NULL, 
	by_piecework INTEGER NOT NULL, 
	in_training INTEGER NOT NULL, 
	too_young INTEGER NOT NULL, 
	too_old INTEGER NOT NULL, 
	frozen_at DATETIME NOT NULL, 
	CONSTRAINT pk_employment_month PRIMARY KEY (id), 
	CONSTRAINT ck_employment_month_part_of_all CHECK (working <= able), 
	CONSTRAINT uq_employment_month_month UNIQUE (month)
);
CREATE TABLE experience (
	id INTEGER NOT NULL, 
	resident_id INTEGER NOT NULL, 
	title VARCHAR(60) NOT NULL, 
	employer VARCHAR(60) NOT NULL, 
	months INTEGER, 
	CONSTRAINT pk_experience PRIMARY KEY (id), 
	CONSTRAINT ck_experience_months_not_negative CHECK (months >= 0), 
	CONSTRAINT fk_experience_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id) ON DELETE CASCADE
);
CREATE TABLE household (
	id INTEGER NOT NULL, 
	door VARCHAR(60) NOT NULL, 
	place VARCHAR(120) NOT NULL, 
	tenure VARCHAR(20) NOT NULL, 
	responsible_id INTEGER, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_household PRIMARY KEY (id), 
	CONSTRAINT fk_household_responsible_id FOREIGN KEY(responsible_id) REFERENCES account (id)
);
INSERT INTO "household" VALUES(1,'1栋1单元-37','重庆市/九龙坡区/华岩镇/华龙家园','',NULL,'2026-11-30 13:01:32.895562');
INSERT INTO "household" VALUES(2,'1栋1单元-40','重庆市/九龙坡区/华岩镇/华龙家园','',NULL,'2026-11-30 13:01:32.922329');
CREATE TABLE "import_batch" (
	id INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	filename VARCHAR(200) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	account_id INTEGER, 
	created_at DATETIME NOT NULL, 
	done_at DATETIME, 
	columns JSON NOT NULL, 
	report JSON NOT NULL, 
	stored VARCHAR(40) DEFAULT '' NOT NULL, 
	branch_id INTEGER, 
	state VARCHAR(32) DEFAULT 'uploaded' NOT NULL, 
	running_since DATETIME, 
	CONSTRAINT pk_import_batch PRIMARY KEY (id), 
	CONSTRAINT ck_import_batch_importkind CHECK (kind IN ('residents', 'vacancies')), 
	CONSTRAINT fk_import_batch_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_import_batch_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id), 
	CONSTRAINT ck_import_batch_importstate CHECK (state IN ('uploaded', 'running', 'done')), 
	CONSTRAINT ck_import_batch_done_has_date CHECK (state <> 'done' OR done_at IS NOT NULL)
);
CREATE TABLE impression (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	account_id INTEGER NOT NULL, 
	resident_id INTEGER NOT NULL, 
	opening_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	rank INTEGER NOT NULL, 
	propensity FLOAT NOT NULL, 
	place INTEGER NOT NULL, 
	in_full BOOLEAN NOT NULL, 
	model_version VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_impression PRIMARY KEY (id), 
	CONSTRAINT ck_impression_position_from_one CHECK (position >= 1), 
	CONSTRAINT fk_impression_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_impression_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id) ON DELETE CASCADE, 
	CONSTRAINT fk_impression_opening_id FOREIGN KEY(opening_id) REFERENCES opening (id), 
	CONSTRAINT uq_impression_once UNIQUE (resident_id, opening_id, account_id, model_version, position, in_full)
);
CREATE TABLE job_run (
	id INTEGER NOT NULL, 
	job VARCHAR(40) NOT NULL, 
	period VARCHAR(20) NOT NULL, 
	started_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	outcome VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_job_run PRIMARY KEY (id), 
	CONSTRAINT uq_job_run_job_period UNIQUE (job, period)
);
CREATE TABLE ledger_account (
	id INTEGER NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	ledger VARCHAR(32) NOT NULL, 
	place VARCHAR(32) NOT NULL, 
	order_id INTEGER NOT NULL, 
	lot_id INTEGER, 
	assignment_id INTEGER, 
	balance BIGINT NOT NULL, 
	CONSTRAINT pk_ledger_account PRIMARY KEY (id), 
	CONSTRAINT ck_ledger_account_source_not_positive CHECK (balance <= 0 OR place NOT IN ('company', 'made', 'stock_in', 'payable', 'to_pay', 'margin', 'reserve')), 
	CONSTRAINT ck_ledger_account_balance_not_negative CHECK (balance >= 0 OR place = 'bank' OR place IN ('company', 'made', 'stock_in', 'payable', 'to_pay', 'margin', 'reserve')), 
	CONSTRAINT fk_ledger_account_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_ledger_account_lot_id FOREIGN KEY(lot_id) REFERENCES piecework_lot (id), 
	CONSTRAINT fk_ledger_account_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT uq_ledger_account_key UNIQUE ("key"), 
	CONSTRAINT ck_ledger_account_ledger CHECK (ledger IN ('material', 'pieces', 'money')), 
	CONSTRAINT ck_ledger_account_place CHECK (place IN ('company', 'centre', 'household', 'replacement', 'consumed', 'returned', 'scrap', 'lost', 'made', 'pending', 'accepted', 'rework', 'rejected', 'stock_in', 'finished', 'offered', 'taken', 'released', 'receivable', 'payable', 'to_pay', 'advance', 'bank', 'margin', 'reserve'))
);
INSERT INTO "ledger_account" VALUES(1,'2/centre/1/0','material','centre',2,1,NULL,0);
INSERT INTO "ledger_account" VALUES(2,'2/company/1/0','material','company',2,1,NULL,-5000);
INSERT INTO "ledger_account" VALUES(3,'2/household/1/1','material','household',2,1,1,0);
INSERT INTO "ledger_account" VALUES(4,'2/consumed/1/1','material','consumed',2,1,1,440);
INSERT INTO "ledger_account" VALUES(5,'2/made/0/1','pieces','made',2,NULL,1,-20);
INSERT INTO "ledger_account" VALUES(6,'2/pending/0/1','pieces','pending',2,NULL,1,0);
INSERT INTO "ledger_account" VALUES(7,'2/accepted/0/1','pieces','accepted',2,NULL,1,20);
INSERT INTO "ledger_account" VALUES(8,'2/finished/0/0','pieces','finished',2,NULL,NULL,0);
INSERT INTO "ledger_account" VALUES(9,'2/margin/0/0','money','margin',2,NULL,NULL,0);
INSERT INTO "ledger_account" VALUES(10,'2/payable/0/1','money','payable',2,NULL,1,0);
INSERT INTO "ledger_account" VALUES(11,'2/receivable/0/0','money','receivable',2,NULL,NULL,0);
INSERT INTO "ledger_account" VALUES(12,'2/reserve/0/0','money','reserve',2,NULL,NULL,0);
INSERT INTO "ledger_account" VALUES(13,'2/stock_in/0/0','pieces','stock_in',2,NULL,NULL,-20);
INSERT INTO "ledger_account" VALUES(14,'2/offered/0/0','pieces','offered',2,NULL,NULL,0);
INSERT INTO "ledger_account" VALUES(15,'2/taken/0/0','pieces','taken',2,NULL,NULL,0);
INSERT INTO "ledger_account" VALUES(16,'2/bank/0/0','money','bank',2,NULL,NULL,0);
INSERT INTO "ledger_account" VALUES(17,'2/released/0/0','pieces','released',2,NULL,NULL,20);
INSERT INTO "ledger_account" VALUES(18,'2/to_pay/0/1','money','to_pay',2,NULL,1,0);
INSERT INTO "ledger_account" VALUES(19,'2/returned/1/0','material','returned',2,1,NULL,4560);
CREATE TABLE ledger_entry (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	assignment_id INTEGER, 
	kind VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	account_id INTEGER, 
	note VARCHAR(300) NOT NULL, 
	form_key VARCHAR(64) NOT NULL, 
	reverses_id INTEGER, 
	CONSTRAINT pk_ledger_entry PRIMARY KEY (id), 
	CONSTRAINT ck_ledger_entry_reverse_names_one CHECK ((kind = 'reverse') = (reverses_id IS NOT NULL)), 
	CONSTRAINT fk_ledger_entry_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_ledger_entry_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_ledger_entry_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT fk_ledger_entry_reverses_id FOREIGN KEY(reverses_id) REFERENCES ledger_entry (id), 
	CONSTRAINT uq_ledger_entry_form_key UNIQUE (form_key), 
	CONSTRAINT uq_ledger_entry_reverses_id UNIQUE (reverses_id), 
	CONSTRAINT ck_ledger_entry_entrykind CHECK (kind IN ('receive', 'return_to_company', 'issue', 'return', 'spoil', 'submit', 'inspect', 'give_up_rework', 'offer', 'company_take', 'company_refuse', 'release', 'company_pay', 'advance', 'charge', 'waive', 'compensate', 'settle', 'pay_out', 'close', 'reverse'))
);
INSERT INTO "ledger_entry" VALUES(1,2,NULL,'receive','2026-11-30 13:01:33.638028',2,'','form-50',NULL);
INSERT INTO "ledger_entry" VALUES(2,2,1,'issue','2026-11-30 13:01:33.863199',2,'','form-53-0',NULL);
INSERT INTO "ledger_entry" VALUES(3,2,1,'submit','2026-11-30 13:01:33.937404',4,'','form-54',NULL);
INSERT INTO "ledger_entry" VALUES(4,2,1,'inspect','2026-11-30 13:01:34.043903',2,'','form-55',NULL);
INSERT INTO "ledger_entry" VALUES(5,2,NULL,'offer','2026-11-30 13:01:34.235496',2,'','form-57',NULL);
INSERT INTO "ledger_entry" VALUES(6,2,NULL,'company_take','2026-11-30 13:01:34.360128',1,'','take-1',NULL);
INSERT INTO "ledger_entry" VALUES(7,2,NULL,'company_pay','2026-11-30 13:01:34.495248',2,'','company-payment-1',NULL);
INSERT INTO "ledger_entry" VALUES(8,2,NULL,'release','2026-11-30 13:01:34.581941',2,'','release-1',NULL);
INSERT INTO "ledger_entry" VALUES(9,2,1,'settle','2026-11-30 13:01:34.791361',2,'','settle-1-1',NULL);
INSERT INTO "ledger_entry" VALUES(10,2,1,'pay_out','2026-11-30 13:01:34.969417',3,'','form-61-1',NULL);
INSERT INTO "ledger_entry" VALUES(11,2,1,'return','2026-11-30 13:01:35.071412',2,'','form-62',NULL);
INSERT INTO "ledger_entry" VALUES(12,2,NULL,'return_to_company','2026-11-30 13:01:35.184694',2,'','form-63',NULL);
INSERT INTO "ledger_entry" VALUES(13,2,NULL,'close','2026-11-30 13:01:35.240106',2,'','close-2',NULL);
CREATE TABLE ledger_line (
	id INTEGER NOT NULL, 
	entry_id INTEGER NOT NULL, 
	from_account_id INTEGER NOT NULL, 
	to_account_id INTEGER NOT NULL, 
	amount BIGINT NOT NULL, 
	CONSTRAINT pk_ledger_line PRIMARY KEY (id), 
	CONSTRAINT ck_ledger_line_amount_positive CHECK (amount > 0), 
	CONSTRAINT ck_ledger_line_two_accounts CHECK (from_account_id <> to_account_id), 
	CONSTRAINT fk_ledger_line_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_ledger_line_from_account_id FOREIGN KEY(from_account_id) REFERENCES ledger_account (id), 
	CONSTRAINT fk_ledger_line_to_account_id FOREIGN KEY(to_account_id) REFERENCES ledger_account (id)
);
INSERT INTO "ledger_line" VALUES(1,1,2,1,5000);
INSERT INTO "ledger_line" VALUES(2,2,1,3,462);
INSERT INTO "ledger_line" VALUES(3,3,5,6,20);
INSERT INTO "ledger_line" VALUES(4,3,3,4,440);
INSERT INTO "ledger_line" VALUES(5,4,6,7,20);
INSERT INTO "ledger_line" VALUES(6,4,13,8,20);
INSERT INTO "ledger_line" VALUES(7,4,10,11,6000);
INSERT INTO "ledger_line" VALUES(8,4,9,11,1000);
INSERT INTO "ledger_line" VALUES(9,4,12,11,1000);
INSERT INTO "ledger_line" VALUES(10,5,8,14,20);
INSERT INTO "ledger_line" VALUES(11,6,14,15,20);
INSERT INTO "ledger_line" VALUES(12,7,11,16,8000);
INSERT INTO "ledger_line" VALUES(13,8,15,17,20);
INSERT INTO "ledger_line" VALUES(14,9,18,10,6000);
INSERT INTO "ledger_line" VALUES(15,10,16,18,6000);
INSERT INTO "ledger_line" VALUES(16,11,3,1,22);
INSERT INTO "ledger_line" VALUES(17,12,1,19,4560);
INSERT INTO "ledger_line" VALUES(18,13,16,9,1000);
INSERT INTO "ledger_line" VALUES(19,13,16,12,1000);
CREATE TABLE login_session (
	id INTEGER NOT NULL, 
	token_digest VARCHAR(64) NOT NULL, 
	account_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_login_session PRIMARY KEY (id), 
	CONSTRAINT fk_login_session_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE, 
	CONSTRAINT uq_login_session_token_digest UNIQUE (token_digest)
);
CREATE TABLE "match" (
	id INTEGER NOT NULL, 
	resident_id INTEGER NOT NULL, 
	opening_id INTEGER NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	origin VARCHAR(32) NOT NULL, 
	score FLOAT, 
	position INTEGER, 
	reasons JSON NOT NULL, 
	gaps JSON NOT NULL, 
	model_version VARCHAR(64) NOT NULL, 
	computed_at DATETIME, 
	since DATETIME NOT NULL, 
	postponed_until DATE, 
	offered_until DATE, 
	channel VARCHAR(20) NOT NULL, 
	note VARCHAR(300) NOT NULL, 
	interview_at DATETIME, 
	interview_place VARCHAR(120) NOT NULL, 
	start_date DATE, 
	evidence VARCHAR(200) NOT NULL, 
	previous_state VARCHAR(32), 
	asked_at DATETIME, 
	chases INTEGER DEFAULT '0' NOT NULL, rank INTEGER, propensity FLOAT, 
	CONSTRAINT pk_match PRIMARY KEY (id), 
	CONSTRAINT fk_match_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id) ON DELETE CASCADE, 
	CONSTRAINT fk_match_opening_id FOREIGN KEY(opening_id) REFERENCES opening (id), 
	CONSTRAINT ck_match_matchorigin CHECK (origin IN ('model', 'staff', 'resident', 'employer')), 
	CONSTRAINT ck_match_hired_has_start CHECK (state <> 'hired' OR start_date IS NOT NULL), 
	CONSTRAINT ck_match_previous_matchstate CHECK (previous_state IN ('suggested', 'confirmed', 'dismissed', 'offered', 'interested', 'declined', 'no_reply', 'shared', 'applied', 'seen', 'interview', 'job_offer', 'hired', 'day_30', 'day_90', 'retained', 'left', 'refused', 'withdrawn', 'hired_elsewhere', 'opening_closed')), 
	CONSTRAINT uq_match_resident_id_opening_id UNIQUE (resident_id, opening_id), 
	CONSTRAINT ck_match_matchstate CHECK (state IN ('suggested', 'confirmed', 'dismissed', 'offered', 'interested', 'declined', 'no_reply', 'shared', 'applied', 'seen', 'interview', 'job_offer', 'hired', 'day_30', 'day_90', 'retained', 'left', 'refused', 'withdrawn', 'hired_elsewhere', 'opening_closed')), 
	CONSTRAINT ck_match_position_from_one CHECK (position >= 1), 
	CONSTRAINT ck_match_chases_not_negative CHECK (chases >= 0)
);
CREATE TABLE match_event (
	id INTEGER NOT NULL, 
	match_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	account_id INTEGER, 
	action VARCHAR(32) NOT NULL, 
	from_state VARCHAR(32) NOT NULL, 
	to_state VARCHAR(32) NOT NULL, 
	reason VARCHAR(300) NOT NULL, 
	shown JSON, code VARCHAR(32) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_match_event PRIMARY KEY (id), 
	CONSTRAINT fk_match_event_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_match_event_match_id FOREIGN KEY(match_id) REFERENCES "match" (id) ON DELETE CASCADE
);
CREATE TABLE message (
	id INTEGER NOT NULL, 
	thread_id INTEGER NOT NULL, 
	sent_at DATETIME NOT NULL, 
	author_id INTEGER, 
	side VARCHAR(32) NOT NULL, 
	on_behalf BOOLEAN NOT NULL, 
	text VARCHAR(2000) NOT NULL, 
	masked BOOLEAN NOT NULL, 
	with_employer BOOLEAN NOT NULL, 
	once VARCHAR(32) NOT NULL, 
	hidden_at DATETIME, 
	CONSTRAINT pk_message PRIMARY KEY (id), 
	CONSTRAINT ck_message_on_behalf_of_resident CHECK (NOT on_behalf OR side = 'resident'), 
	CONSTRAINT fk_message_author_id FOREIGN KEY(author_id) REFERENCES account (id), 
	CONSTRAINT fk_message_thread_id FOREIGN KEY(thread_id) REFERENCES message_thread (id) ON DELETE CASCADE, 
	CONSTRAINT uq_message_thread_id_once UNIQUE (thread_id, once), 
	CONSTRAINT ck_message_side CHECK (side IN ('resident', 'employer', 'staff'))
);
CREATE TABLE message_report (
	id INTEGER NOT NULL, 
	message_id INTEGER NOT NULL, 
	reporter_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	reason VARCHAR(32) NOT NULL, 
	note VARCHAR(200) NOT NULL, 
	handled_at DATETIME, 
	handled_by_id INTEGER, 
	verdict VARCHAR(32), 
	CONSTRAINT pk_message_report PRIMARY KEY (id), 
	CONSTRAINT ck_message_report_handled_with_a_verdict CHECK ((handled_at IS NULL) = (verdict IS NULL)), 
	CONSTRAINT fk_message_report_handled_by_id FOREIGN KEY(handled_by_id) REFERENCES account (id), 
	CONSTRAINT fk_message_report_message_id FOREIGN KEY(message_id) REFERENCES message (id) ON DELETE CASCADE, 
	CONSTRAINT fk_message_report_reporter_id FOREIGN KEY(reporter_id) REFERENCES account (id), 
	CONSTRAINT uq_message_report_message_id_reporter_id UNIQUE (message_id, reporter_id), 
	CONSTRAINT ck_message_report_reportreason CHECK (reason IN ('money', 'papers', 'rude', 'false', 'other')), 
	CONSTRAINT ck_message_report_verdict CHECK (verdict IN ('hidden', 'kept'))
);
CREATE TABLE message_thread (
	id INTEGER NOT NULL, 
	match_id INTEGER NOT NULL, 
	last_at DATETIME NOT NULL, 
	unread_resident BOOLEAN NOT NULL, 
	unread_employer BOOLEAN NOT NULL, 
	unread_staff BOOLEAN NOT NULL, 
	read_resident_at DATETIME, 
	read_employer_at DATETIME, 
	read_staff_at DATETIME, 
	CONSTRAINT pk_message_thread PRIMARY KEY (id), 
	CONSTRAINT fk_message_thread_match_id FOREIGN KEY(match_id) REFERENCES "match" (id) ON DELETE CASCADE, 
	CONSTRAINT uq_message_thread_match_id UNIQUE (match_id)
);
CREATE TABLE model_version (
	id INTEGER NOT NULL, 
	name VARCHAR(64), 
	state VARCHAR(32) NOT NULL, 
	file VARCHAR(120) NOT NULL, 
	file_sha256 VARCHAR(64) NOT NULL, 
	data_sha256 VARCHAR(64) NOT NULL, 
	decisions INTEGER NOT NULL, 
	metrics JSON NOT NULL, 
	fairness JSON NOT NULL, 
	report JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by_id INTEGER, 
	started_at DATETIME, 
	switched_at DATETIME, 
	switched_by_id INTEGER, 
	CONSTRAINT pk_model_version PRIMARY KEY (id), 
	CONSTRAINT fk_model_version_created_by_id FOREIGN KEY(created_by_id) REFERENCES account (id), 
	CONSTRAINT fk_model_version_switched_by_id FOREIGN KEY(switched_by_id) REFERENCES account (id), 
	CONSTRAINT ck_model_version_versionstate CHECK (state IN ('requested', 'candidate', 'current', 'retired', 'refused'))
);
CREATE TABLE "opening" (
	id INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	employer_id INTEGER, 
	title VARCHAR(80) NOT NULL, 
	category VARCHAR(60) NOT NULL, 
	description TEXT NOT NULL, 
	place VARCHAR(120) NOT NULL, 
	address VARCHAR(120) NOT NULL, 
	at_home BOOLEAN NOT NULL, 
	skills JSON NOT NULL, 
	certificates JSON NOT NULL, 
	education VARCHAR(32), 
	demands JSON NOT NULL, 
	hours JSON NOT NULL, 
	flexible BOOLEAN NOT NULL, 
	hazardous BOOLEAN NOT NULL, 
	teaches JSON NOT NULL, 
	pay_text VARCHAR(80) NOT NULL, 
	pay_min_fen INTEGER, 
	pay_max_fen INTEGER, 
	pay_unit VARCHAR(32), 
	pay_month_min_fen INTEGER, 
	pay_month_max_fen INTEGER, 
	headcount INTEGER NOT NULL, 
	hired_count INTEGER NOT NULL, 
	valid_until DATE, 
	state VARCHAR(32) NOT NULL, 
	state_reason VARCHAR(200) NOT NULL, 
	source VARCHAR(32) NOT NULL, 
	import_key VARCHAR(64), 
	responsible_id INTEGER, 
	published_at DATETIME, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	reviewed_by_id INTEGER, 
	review_note VARCHAR(300) DEFAULT ('') NOT NULL, 
	form_key VARCHAR(32), 
	CONSTRAINT pk_opening PRIMARY KEY (id), 
	CONSTRAINT uq_opening_form_key UNIQUE (form_key), 
	CONSTRAINT ck_opening_hired_within_headcount CHECK (hired_count BETWEEN 0 AND headcount), 
	CONSTRAINT ck_opening_openingsource CHECK (source IN ('employer', 'staff', 'import')), 
	CONSTRAINT ck_opening_pay_min_not_negative CHECK (pay_min_fen >= 0), 
	CONSTRAINT fk_opening_reviewed_by_id FOREIGN KEY(reviewed_by_id) REFERENCES account (id), 
	CONSTRAINT fk_opening_employer_id FOREIGN KEY(employer_id) REFERENCES employer (id), 
	CONSTRAINT ck_opening_headcount_not_negative CHECK (headcount >= 0), 
	CONSTRAINT uq_opening_import_key UNIQUE (import_key), 
	CONSTRAINT ck_opening_payunit CHECK (pay_unit IN ('month', 'day', 'hour', 'piece')), 
	CONSTRAINT ck_opening_education CHECK (education IN ('none', 'primary', 'junior_high', 'senior_high', 'vocational', 'college', 'bachelor')), 
	CONSTRAINT ck_opening_kind CHECK (kind IN ('vacancy', 'piecework', 'course', 'venture')), 
	CONSTRAINT ck_opening_pay_in_order CHECK (pay_max_fen >= pay_min_fen), 
	CONSTRAINT ck_opening_published_has_dates CHECK (state <> 'published' OR (published_at IS NOT NULL AND valid_until IS NOT NULL)), 
	CONSTRAINT fk_opening_responsible_id FOREIGN KEY(responsible_id) REFERENCES account (id), 
	CONSTRAINT ck_opening_openingstate CHECK (state IN ('draft', 'submitted', 'returned', 'published', 'expired', 'closed', 'paused'))
);
INSERT INTO "opening" VALUES(1,'piecework',1,'串珠手链','','照样品串，社区教。','','',1,'[]','[]',NULL,'[]','[]',1,0,'[]','3元/条',300,300,'piece',NULL,NULL,10,0,'2026-12-20','draft','','employer',NULL,NULL,NULL,'2026-11-30 13:01:33.049305','2026-11-30 13:01:33.049309',NULL,'','form-45');
INSERT INTO "opening" VALUES(2,'piecework',1,'串珠手链','','照样品串，社区教。','','',1,'[]','[]',NULL,'[]','[]',1,0,'[]','3元/条',300,300,'piece',NULL,NULL,8,0,'2026-12-20','closed','','employer',NULL,NULL,'2026-11-30 13:01:33.571535','2026-11-30 13:01:33.256550','2026-11-30 13:01:34.658802',2,'','form-46');
CREATE TABLE outbox (
	id INTEGER NOT NULL, 
	"key" VARCHAR(120) NOT NULL, 
	channel_id INTEGER NOT NULL, 
	account_id INTEGER, 
	is_test BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	due_at DATETIME NOT NULL, 
	claim VARCHAR(32) NOT NULL, 
	claimed_until DATETIME, 
	attempts INTEGER NOT NULL, 
	delivered_at DATETIME, 
	last_error VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_outbox PRIMARY KEY (id), 
	CONSTRAINT fk_outbox_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE, 
	CONSTRAINT fk_outbox_channel_id FOREIGN KEY(channel_id) REFERENCES outside_channel (id) ON DELETE CASCADE, 
	CONSTRAINT uq_outbox_key UNIQUE ("key")
);
CREATE TABLE outside_channel (
	id INTEGER NOT NULL, 
	name VARCHAR(40) NOT NULL, 
	url TEXT NOT NULL, 
	audience VARCHAR(32) NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	tested_at DATETIME, 
	last_error VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_outside_channel PRIMARY KEY (id), 
	CONSTRAINT uq_outside_channel_name UNIQUE (name), 
	CONSTRAINT ck_outside_channel_audience CHECK (audience IN ('staff', 'people'))
);
CREATE TABLE outside_wish (
	id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_outside_wish PRIMARY KEY (id), 
	CONSTRAINT fk_outside_wish_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE, 
	CONSTRAINT uq_outside_wish_account_id UNIQUE (account_id)
);
CREATE TABLE passbook_head (
	id INTEGER NOT NULL, 
	household_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_passbook_head PRIMARY KEY (id), 
	CONSTRAINT fk_passbook_head_household_id FOREIGN KEY(household_id) REFERENCES household (id), 
	CONSTRAINT uq_passbook_head_household_id UNIQUE (household_id)
);
INSERT INTO "passbook_head" VALUES(1,1,8,'bca54af906d0d2f7e71edb136f319400d42b2191f9c080d7607b81de418da040');
CREATE TABLE passbook_line (
	id INTEGER NOT NULL, 
	household_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	entry_id INTEGER, 
	facts JSON NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_passbook_line PRIMARY KEY (id), 
	CONSTRAINT fk_passbook_line_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_passbook_line_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_passbook_line_household_id FOREIGN KEY(household_id) REFERENCES household (id), 
	CONSTRAINT uq_passbook_line_digest UNIQUE (digest), 
	CONSTRAINT ck_passbook_line_passbookkind CHECK (kind IN ('claim', 'change', 'trial', 'issue', 'return', 'spoil', 'submit', 'inspect', 'finding', 'waive', 'advance', 'compensate', 'settle', 'pay_out', 'withdraw', 'correct'))
);
INSERT INTO "passbook_line" VALUES(1,1,1,'2026-11-30 13:01:33.765694','claim',1,NULL,'{"title": "\u4e32\u73e0\u624b\u94fe", "pieces": 20, "unit": "\u6761", "rate_fen": 300, "due": "2026-12-20", "people": 1}','0000000000000000000000000000000000000000000000000000000000000000','8d1af9a66edc4386e3dfe4526ed3c0882f9f6490c5266cf5531673c73811b6f9');
INSERT INTO "passbook_line" VALUES(2,1,2,'2026-11-30 13:01:33.827592','trial',1,NULL,'{"pieces": 2, "seconds": 300, "passed": 2}','8d1af9a66edc4386e3dfe4526ed3c0882f9f6490c5266cf5531673c73811b6f9','5552509e783ca5f4371eaff0a4793e0fab5fb514e7897fde1d7d7277496d46b4');
INSERT INTO "passbook_line" VALUES(3,1,3,'2026-11-30 13:01:33.878222','issue',1,2,'{"material": "\u73e0\u5b50", "material_unit": "piece", "amount": 462}','5552509e783ca5f4371eaff0a4793e0fab5fb514e7897fde1d7d7277496d46b4','99109746b89a3f75dcf89240369f36166c2ebe8e41b5bf22c4b8d036b3d964cd');
INSERT INTO "passbook_line" VALUES(4,1,4,'2026-11-30 13:01:33.980805','submit',1,3,'{"tranche": 1, "pieces": 20, "unit": "\u6761"}','99109746b89a3f75dcf89240369f36166c2ebe8e41b5bf22c4b8d036b3d964cd','a98dacac5e2fe0620e17882a1ddcfc1bcc3af9f07413a4ced42841733f9998b6');
INSERT INTO "passbook_line" VALUES(5,1,5,'2026-11-30 13:01:34.100724','inspect',1,4,'{"tranche": 1, "accepted": 20, "rework": 0, "rejected": 0, "unit": "\u6761", "pay_fen": 6000, "why": "\u7ebf\u5934"}','a98dacac5e2fe0620e17882a1ddcfc1bcc3af9f07413a4ced42841733f9998b6','1d30975eae0f55a782c45fffe3c06fbdfaaa0df46166bb204a8482eca1040da6');
INSERT INTO "passbook_line" VALUES(6,1,6,'2026-11-30 13:01:34.809462','settle',1,9,'{"title": "\u4e32\u73e0\u624b\u94fe", "gross_fen": 6000, "deduction_fen": 0, "pay_fen": 6000, "period": ["2026-11-16", "2026-11-30"]}','1d30975eae0f55a782c45fffe3c06fbdfaaa0df46166bb204a8482eca1040da6','c6f0c42e3da351be8b6b98b585c0ee7abdcd4fd9087e03f74023a31c3921d670');
INSERT INTO "passbook_line" VALUES(7,1,7,'2026-11-30 13:01:35.015552','pay_out',1,10,'{"pay_fen": 6000, "method": "bank"}','c6f0c42e3da351be8b6b98b585c0ee7abdcd4fd9087e03f74023a31c3921d670','7e172fd7f2334d421611e639a28c4b858eeae21c7fe1c02f7efa5c3dbf56cf71');
INSERT INTO "passbook_line" VALUES(8,1,8,'2026-11-30 13:01:35.091578','return',1,11,'{"material": "\u73e0\u5b50", "material_unit": "piece", "amount": 22}','7e172fd7f2334d421611e639a28c4b858eeae21c7fe1c02f7efa5c3dbf56cf71','bca54af906d0d2f7e71edb136f319400d42b2191f9c080d7607b81de418da040');
CREATE TABLE piecework_assignment (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	household_id INTEGER NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	hold VARCHAR(32), 
	hold_reason VARCHAR(200) NOT NULL, 
	pieces INTEGER NOT NULL, 
	due DATE NOT NULL, 
	rework_due DATE, 
	rate_fen INTEGER, 
	claimed_by_id INTEGER, 
	claimed_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	form_key VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_piecework_assignment PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_assignment_rework_has_due CHECK (state <> 'rework' OR rework_due IS NOT NULL), 
	CONSTRAINT ck_piecework_assignment_rate_locked_at_issue CHECK (state IN ('claimed', 'trial_passed', 'withdrawn') OR rate_fen IS NOT NULL), 
	CONSTRAINT ck_piecework_assignment_pieces_not_negative CHECK (pieces >= 0), 
	CONSTRAINT ck_piecework_assignment_rate_positive CHECK (rate_fen > 0), 
	CONSTRAINT fk_piecework_assignment_claimed_by_id FOREIGN KEY(claimed_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_assignment_household_id FOREIGN KEY(household_id) REFERENCES household (id), 
	CONSTRAINT fk_piecework_assignment_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT uq_piecework_assignment_form_key UNIQUE (form_key), 
	CONSTRAINT ck_piecework_assignment_assignmentstate CHECK (state IN ('claimed', 'trial_passed', 'issued', 'working', 'submitted', 'inspected', 'accepted', 'rework', 'rejected_final', 'settled', 'closed', 'withdrawn')), 
	CONSTRAINT ck_piecework_assignment_assignmenthold CHECK (hold IN ('material_short', 'disputed'))
);
INSERT INTO "piecework_assignment" VALUES(1,2,1,'closed',NULL,'',20,'2026-12-20',NULL,300,4,'2026-11-30 13:01:33.725257','2026-11-30 13:01:35.111811','form-51');
CREATE TABLE piecework_assignment_material (
	id INTEGER NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	material_id INTEGER NOT NULL, 
	ceiling INTEGER NOT NULL, 
	issued INTEGER NOT NULL, 
	override INTEGER NOT NULL, 
	replacement_ceiling INTEGER NOT NULL, 
	replacement_issued INTEGER NOT NULL, 
	replacement_override INTEGER NOT NULL, 
	CONSTRAINT pk_piecework_assignment_material PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_assignment_material_issue_within_need CHECK (issued BETWEEN 0 AND ceiling + override), 
	CONSTRAINT ck_piecework_assignment_material_override_positive CHECK (override >= 0 AND replacement_override >= 0), 
	CONSTRAINT ck_piecework_assignment_material_replacement_within_need CHECK (replacement_issued BETWEEN 0 AND replacement_ceiling + replacement_override), 
	CONSTRAINT fk_piecework_assignment_material_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_piecework_assignment_material_material_id FOREIGN KEY(material_id) REFERENCES piecework_material (id)
);
INSERT INTO "piecework_assignment_material" VALUES(1,1,2,462,440,0,0,0,0);
CREATE TABLE piecework_assignment_member (
	id INTEGER NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	resident_id INTEGER NOT NULL, 
	CONSTRAINT pk_piecework_assignment_member PRIMARY KEY (id), 
	CONSTRAINT fk_piecework_assignment_member_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_piecework_assignment_member_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id)
);
INSERT INTO "piecework_assignment_member" VALUES(1,1,1);
CREATE TABLE piecework_company_payment (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	reference VARCHAR(80) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	declared_by_id INTEGER, 
	declared_at DATETIME NOT NULL, 
	decided_by_id INTEGER, 
	decided_at DATETIME, 
	entry_id INTEGER, 
	form_key VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_piecework_company_payment PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_company_payment_amount_positive CHECK (amount_fen > 0), 
	CONSTRAINT fk_piecework_company_payment_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_company_payment_declared_by_id FOREIGN KEY(declared_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_company_payment_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_piecework_company_payment_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT uq_piecework_company_payment_entry_id UNIQUE (entry_id), 
	CONSTRAINT uq_piecework_company_payment_form_key UNIQUE (form_key), 
	CONSTRAINT ck_piecework_company_payment_companypaymentstate CHECK (state IN ('declared', 'received', 'not_found'))
);
INSERT INTO "piecework_company_payment" VALUES(1,2,8000,'转账','received',1,'2026-11-30 13:01:34.463583',2,'2026-11-30 13:01:34.493966',7,'form-59');
CREATE TABLE piecework_compensation (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	cause VARCHAR(32) NOT NULL, 
	reason VARCHAR(300) NOT NULL, 
	details JSON NOT NULL, 
	opened_by_id INTEGER, 
	opened_at DATETIME NOT NULL, 
	amount_fen INTEGER NOT NULL, 
	decision VARCHAR(300) NOT NULL, 
	decided_by_id INTEGER, 
	decided_at DATETIME, 
	entry_id INTEGER, 
	form_key VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_piecework_compensation PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_compensation_decided_has_words CHECK ((decided_at IS NULL) = (decision = '')), 
	CONSTRAINT ck_piecework_compensation_amount_not_negative CHECK (amount_fen >= 0), 
	CONSTRAINT fk_piecework_compensation_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_compensation_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_piecework_compensation_opened_by_id FOREIGN KEY(opened_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_compensation_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT uq_piecework_compensation_entry_id UNIQUE (entry_id), 
	CONSTRAINT uq_piecework_compensation_form_key UNIQUE (form_key), 
	CONSTRAINT ck_piecework_compensation_compensationcause CHECK (cause IN ('change', 'cancel'))
);
CREATE TABLE piecework_delivery (
	id INTEGER NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	pieces INTEGER NOT NULL, 
	is_rework BOOLEAN NOT NULL, 
	wastage JSON NOT NULL, 
	inspected BOOLEAN NOT NULL, 
	submitted_at DATETIME NOT NULL, 
	submitted_by_id INTEGER, 
	entry_id INTEGER NOT NULL, 
	CONSTRAINT pk_piecework_delivery PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_delivery_pieces_positive CHECK (pieces > 0), 
	CONSTRAINT fk_piecework_delivery_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_piecework_delivery_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_piecework_delivery_submitted_by_id FOREIGN KEY(submitted_by_id) REFERENCES account (id), 
	CONSTRAINT uq_piecework_delivery_entry_id UNIQUE (entry_id)
);
INSERT INTO "piecework_delivery" VALUES(1,1,1,20,0,'{}',1,'2026-11-30 13:01:33.956877',4,3);
CREATE TABLE piecework_dispute (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	assignment_id INTEGER, 
	about VARCHAR(32) NOT NULL, 
	words TEXT NOT NULL, 
	opened_by_id INTEGER, 
	opened_at DATETIME NOT NULL, 
	outcome VARCHAR(300) NOT NULL, 
	decided_by_id INTEGER, 
	decided_at DATETIME, 
	form_key VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_piecework_dispute PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_dispute_decided_has_outcome CHECK ((decided_at IS NULL) = (outcome = '')), 
	CONSTRAINT fk_piecework_dispute_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_piecework_dispute_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_dispute_opened_by_id FOREIGN KEY(opened_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_dispute_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT uq_piecework_dispute_form_key UNIQUE (form_key), 
	CONSTRAINT ck_piecework_dispute_disputeabout CHECK (about IN ('count', 'quality', 'pay', 'material', 'other'))
);
CREATE TABLE piecework_event (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	assignment_id INTEGER, 
	at DATETIME NOT NULL, 
	account_id INTEGER, 
	action VARCHAR(32) NOT NULL, 
	from_state VARCHAR(32) NOT NULL, 
	to_state VARCHAR(32) NOT NULL, 
	reason VARCHAR(300) NOT NULL, 
	details JSON NOT NULL, 
	CONSTRAINT pk_piecework_event PRIMARY KEY (id), 
	CONSTRAINT fk_piecework_event_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_event_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_piecework_event_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id)
);
INSERT INTO "piecework_event" VALUES(1,1,NULL,'2026-11-30 13:01:33.115091',1,'create','','draft','','{}');
INSERT INTO "piecework_event" VALUES(2,2,NULL,'2026-11-30 13:01:33.366282',1,'create','','draft','','{}');
INSERT INTO "piecework_event" VALUES(3,2,NULL,'2026-11-30 13:01:33.418241',1,'submit','draft','safety_review','','{}');
INSERT INTO "piecework_event" VALUES(4,2,NULL,'2026-11-30 13:01:33.466749',2,'seal','safety_review','sample_sealed','','{}');
INSERT INTO "piecework_event" VALUES(5,2,NULL,'2026-11-30 13:01:33.584906',2,'publish','sample_sealed','published','','{}');
INSERT INTO "piecework_event" VALUES(6,2,NULL,'2026-11-30 13:01:33.690627',2,'receive','published','material_in','','{}');
INSERT INTO "piecework_event" VALUES(7,2,1,'2026-11-30 13:01:33.763138',4,'claim','','claimed','','{"pieces": 20}');
INSERT INTO "piecework_event" VALUES(8,2,1,'2026-11-30 13:01:33.822030',2,'pass_trial','claimed','trial_passed','','{}');
INSERT INTO "piecework_event" VALUES(9,2,1,'2026-11-30 13:01:33.880317',2,'issue','trial_passed','issued','','{}');
INSERT INTO "piecework_event" VALUES(10,2,NULL,'2026-11-30 13:01:33.881534',2,'start','material_in','in_production','','{}');
INSERT INTO "piecework_event" VALUES(11,2,1,'2026-11-30 13:01:33.979673',4,'submit','issued','submitted','','{}');
INSERT INTO "piecework_event" VALUES(12,2,1,'2026-11-30 13:01:34.043127',2,'inspect','submitted','inspected','','{}');
INSERT INTO "piecework_event" VALUES(13,2,1,'2026-11-30 13:01:34.112466',2,'accept','inspected','accepted','','{}');
INSERT INTO "piecework_event" VALUES(14,2,NULL,'2026-11-30 13:01:34.269666',2,'deliver','in_production','part_delivered','','{}');
INSERT INTO "piecework_event" VALUES(15,2,NULL,'2026-11-30 13:01:34.380785',1,'continue','part_delivered','in_production','','{}');
INSERT INTO "piecework_event" VALUES(16,2,NULL,'2026-11-30 13:01:34.641264',1,'company_accept','in_production','company_accepted','','{}');
INSERT INTO "piecework_event" VALUES(17,2,1,'2026-11-30 13:01:34.821883',2,'settle','accepted','settled','','{}');
INSERT INTO "piecework_event" VALUES(18,2,NULL,'2026-11-30 13:01:35.034743',3,'pay','company_accepted','paid','','{}');
INSERT INTO "piecework_event" VALUES(19,2,1,'2026-11-30 13:01:35.112427',2,'close','settled','closed','','{}');
INSERT INTO "piecework_event" VALUES(20,2,NULL,'2026-11-30 13:01:35.260610',2,'close','paid','closed','','{}');
CREATE TABLE piecework_finding (
	id INTEGER NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	material_id INTEGER NOT NULL, 
	excess INTEGER NOT NULL, 
	charge_fen INTEGER NOT NULL, 
	cause VARCHAR(300) NOT NULL, 
	heard VARCHAR(300) NOT NULL, 
	signed_by_id INTEGER NOT NULL, 
	signed_at DATETIME NOT NULL, 
	entry_id INTEGER, 
	waived_by_entry_id INTEGER, 
	form_key VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_piecework_finding PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_finding_finding_has_words CHECK (cause <> '' AND heard <> ''), 
	CONSTRAINT ck_piecework_finding_charge_not_negative CHECK (charge_fen >= 0), 
	CONSTRAINT ck_piecework_finding_excess_positive CHECK (excess > 0), 
	CONSTRAINT fk_piecework_finding_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_piecework_finding_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_piecework_finding_material_id FOREIGN KEY(material_id) REFERENCES piecework_material (id), 
	CONSTRAINT fk_piecework_finding_signed_by_id FOREIGN KEY(signed_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_finding_waived_by_entry_id FOREIGN KEY(waived_by_entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT uq_piecework_finding_entry_id UNIQUE (entry_id), 
	CONSTRAINT uq_piecework_finding_form_key UNIQUE (form_key)
);
CREATE TABLE piecework_inspection (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	delivery_id INTEGER NOT NULL, 
	accepted INTEGER NOT NULL, 
	rework INTEGER NOT NULL, 
	rejected INTEGER NOT NULL, 
	note VARCHAR(300) NOT NULL, 
	inspector_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	entry_id INTEGER NOT NULL, 
	reversed_by_id INTEGER, 
	CONSTRAINT pk_piecework_inspection PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_inspection_counts_positive CHECK (accepted >= 0 AND rework >= 0 AND rejected >= 0 AND accepted + rework + rejected > 0), 
	CONSTRAINT fk_piecework_inspection_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_piecework_inspection_delivery_id FOREIGN KEY(delivery_id) REFERENCES piecework_delivery (id), 
	CONSTRAINT fk_piecework_inspection_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_piecework_inspection_inspector_id FOREIGN KEY(inspector_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_inspection_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT fk_piecework_inspection_reversed_by_id FOREIGN KEY(reversed_by_id) REFERENCES ledger_entry (id), 
	CONSTRAINT uq_piecework_inspection_entry_id UNIQUE (entry_id)
);
INSERT INTO "piecework_inspection" VALUES(1,2,1,1,20,0,0,'线头',2,'2026-11-30 13:01:34.079179',4,NULL);
CREATE TABLE piecework_lot (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	material_id INTEGER NOT NULL, 
	label VARCHAR(40) NOT NULL, 
	received_at DATETIME NOT NULL, 
	received_by_id INTEGER, 
	CONSTRAINT pk_piecework_lot PRIMARY KEY (id), 
	CONSTRAINT fk_piecework_lot_material_id FOREIGN KEY(material_id) REFERENCES piecework_material (id), 
	CONSTRAINT fk_piecework_lot_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT fk_piecework_lot_received_by_id FOREIGN KEY(received_by_id) REFERENCES account (id)
);
INSERT INTO "piecework_lot" VALUES(1,2,2,'','2026-11-30 13:01:33.634643',2);
CREATE TABLE piecework_material (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	name VARCHAR(40) NOT NULL, 
	unit VARCHAR(32) NOT NULL, 
	use_amount INTEGER NOT NULL, 
	allowance_permille INTEGER NOT NULL, 
	pack_size INTEGER NOT NULL, 
	cost_fen INTEGER NOT NULL, 
	CONSTRAINT pk_piecework_material PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_material_allowance_in_range CHECK (allowance_permille BETWEEN 0 AND 500), 
	CONSTRAINT ck_piecework_material_cost_not_negative CHECK (cost_fen >= 0), 
	CONSTRAINT ck_piecework_material_pack_in_range CHECK (pack_size BETWEEN 1 AND 1000000), 
	CONSTRAINT ck_piecework_material_use_in_range CHECK (use_amount BETWEEN 1 AND 1000000), 
	CONSTRAINT fk_piecework_material_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT ck_piecework_material_materialunit CHECK (unit IN ('piece', 'gram', 'centimetre', 'millilitre'))
);
INSERT INTO "piecework_material" VALUES(1,1,'珠子','piece',22,50,100,500);
INSERT INTO "piecework_material" VALUES(2,2,'珠子','piece',22,50,100,500);
CREATE TABLE piecework_order (
	id INTEGER NOT NULL, 
	opening_id INTEGER NOT NULL, 
	employer_id INTEGER NOT NULL, 
	mode VARCHAR(32) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	hold VARCHAR(32), 
	hold_reason VARCHAR(200) NOT NULL, 
	piece_unit VARCHAR(8) NOT NULL, 
	quantity INTEGER NOT NULL, 
	claimed INTEGER NOT NULL, 
	lot_pieces INTEGER NOT NULL, 
	household_limit INTEGER, 
	rate_fen INTEGER NOT NULL, 
	margin_fen INTEGER NOT NULL, 
	price_fen INTEGER NOT NULL, 
	deadline DATE, 
	quality TEXT NOT NULL, 
	acceptance VARCHAR(32), 
	acceptance_note VARCHAR(300) NOT NULL, 
	material_supply VARCHAR(300) NOT NULL, 
	release_unpaid BOOLEAN NOT NULL, 
	release_note VARCHAR(200) NOT NULL, 
	paid_fen INTEGER NOT NULL, 
	released_fen INTEGER NOT NULL, 
	safety JSON NOT NULL, 
	safety_note VARCHAR(300) NOT NULL, 
	safety_by_id INTEGER, 
	safety_at DATETIME, 
	sample_code VARCHAR(40) NOT NULL, 
	sample_pieces INTEGER NOT NULL, 
	sample_passed INTEGER NOT NULL, 
	sealed_by_id INTEGER, 
	sealed_at DATETIME, 
	second_inspector_not_id INTEGER, 
	version INTEGER NOT NULL, 
	created_by_id INTEGER, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	published_at DATETIME, 
	closed_at DATETIME, 
	CONSTRAINT pk_piecework_order PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_order_waiver_has_words CHECK (NOT release_unpaid OR release_note <> ''), 
	CONSTRAINT ck_piecework_order_fees_within_price CHECK (state = 'draft' OR rate_fen + margin_fen <= price_fen), 
	CONSTRAINT ck_piecework_order_published_has_terms CHECK (state IN ('draft', 'safety_review', 'sample_sealed', 'cancelled') OR (quantity > 0 AND quality <> '' AND rate_fen > 0 AND material_supply <> '' AND deadline IS NOT NULL AND acceptance IS NOT NULL AND published_at IS NOT NULL)), 
	CONSTRAINT ck_piecework_order_claimed_within_quantity CHECK (claimed BETWEEN 0 AND quantity), 
	CONSTRAINT ck_piecework_order_limit_positive CHECK (household_limit >= 1), 
	CONSTRAINT ck_piecework_order_lot_positive CHECK (lot_pieces >= 1), 
	CONSTRAINT ck_piecework_order_paid_not_negative CHECK (paid_fen >= 0 AND released_fen >= 0), 
	CONSTRAINT ck_piecework_order_quantity_in_range CHECK (quantity BETWEEN 0 AND 10000000), 
	CONSTRAINT ck_piecework_order_money_not_negative CHECK (rate_fen >= 0 AND margin_fen >= 0 AND price_fen >= 0), 
	CONSTRAINT ck_piecework_order_released_is_paid CHECK (released_fen <= paid_fen OR release_unpaid), 
	CONSTRAINT ck_piecework_order_sample_in_order CHECK (sample_passed BETWEEN 0 AND sample_pieces), 
	CONSTRAINT fk_piecework_order_created_by_id FOREIGN KEY(created_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_order_employer_id FOREIGN KEY(employer_id) REFERENCES employer (id), 
	CONSTRAINT fk_piecework_order_opening_id FOREIGN KEY(opening_id) REFERENCES opening (id), 
	CONSTRAINT fk_piecework_order_safety_by_id FOREIGN KEY(safety_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_order_sealed_by_id FOREIGN KEY(sealed_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_order_second_inspector_not_id FOREIGN KEY(second_inspector_not_id) REFERENCES account (id), 
	CONSTRAINT uq_piecework_order_opening_id UNIQUE (opening_id), 
	CONSTRAINT ck_piecework_order_mode CHECK (mode IN ('supplied', 'own_material', 'company_family')), 
	CONSTRAINT ck_piecework_order_orderstate CHECK (state IN ('draft', 'safety_review', 'sample_sealed', 'published', 'material_in', 'in_production', 'part_delivered', 'company_accepted', 'paid', 'closed', 'cancelled')), 
	CONSTRAINT ck_piecework_order_orderhold CHECK (hold IN ('paused', 'requirement_changed', 'disputed')), 
	CONSTRAINT ck_piecework_order_acceptance CHECK (acceptance IN ('each', 'sample', 'company'))
);
INSERT INTO "piecework_order" VALUES(1,1,1,'supplied','draft',NULL,'','条',100,0,10,NULL,300,101,400,'2026-12-20','颜色顺序跟样品一样','each','','公司配好，按份装袋',0,'',0,0,'{}','',NULL,NULL,'',0,0,NULL,NULL,NULL,1,1,'2026-11-30 13:01:32.996431','2026-11-30 13:01:32.996434',NULL,NULL);
INSERT INTO "piecework_order" VALUES(2,2,1,'supplied','closed',NULL,'','条',100,20,10,NULL,300,50,400,'2026-12-20','颜色顺序跟样品一样','each','','公司配好，按份装袋',0,'',8000,8000,'{"toxic": true, "flammable": true, "explosive": true, "dust": true, "tools": true, "children": true, "eyes": true}','',2,'2026-11-30 13:01:33.439866','A-1',10,9,2,'2026-11-30 13:01:33.439869',NULL,1,1,'2026-11-30 13:01:33.255422','2026-11-30 13:01:35.259005','2026-11-30 13:01:33.583442','2026-11-30 13:01:35.258834');
CREATE TABLE piecework_photo (
	id INTEGER NOT NULL, 
	inspection_id INTEGER NOT NULL, 
	stored VARCHAR(40) NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	added_at DATETIME NOT NULL, 
	CONSTRAINT pk_piecework_photo PRIMARY KEY (id), 
	CONSTRAINT fk_piecework_photo_inspection_id FOREIGN KEY(inspection_id) REFERENCES piecework_inspection (id), 
	CONSTRAINT uq_piecework_photo_stored UNIQUE (stored)
);
CREATE TABLE piecework_tranche (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	pieces INTEGER NOT NULL, 
	value_fen BIGINT NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	reason VARCHAR(300) NOT NULL, 
	offered_at DATETIME NOT NULL, 
	answered_at DATETIME, 
	released_at DATETIME, 
	form_key VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_piecework_tranche PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_tranche_pieces_positive CHECK (pieces > 0), 
	CONSTRAINT ck_piecework_tranche_value_not_negative CHECK (value_fen >= 0), 
	CONSTRAINT fk_piecework_tranche_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT uq_piecework_tranche_form_key UNIQUE (form_key), 
	CONSTRAINT ck_piecework_tranche_tranchestate CHECK (state IN ('offered', 'taken', 'refused', 'released'))
);
INSERT INTO "piecework_tranche" VALUES(1,2,1,20,8000,'released','','2026-11-30 13:01:34.266919','2026-11-30 13:01:34.340628','2026-11-30 13:01:34.580621','form-57');
CREATE TABLE piecework_trial (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	resident_id INTEGER, 
	pieces INTEGER NOT NULL, 
	seconds INTEGER NOT NULL, 
	passed INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	recorded_by_id INTEGER, 
	form_key VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_piecework_trial PRIMARY KEY (id), 
	CONSTRAINT ck_piecework_trial_passed_within_pieces CHECK (passed BETWEEN 0 AND pieces), 
	CONSTRAINT ck_piecework_trial_pieces_in_range CHECK (pieces BETWEEN 1 AND 10000), 
	CONSTRAINT ck_piecework_trial_seconds_in_range CHECK (seconds BETWEEN 1 AND 360000), 
	CONSTRAINT fk_piecework_trial_order_id FOREIGN KEY(order_id) REFERENCES piecework_order (id), 
	CONSTRAINT fk_piecework_trial_recorded_by_id FOREIGN KEY(recorded_by_id) REFERENCES account (id), 
	CONSTRAINT fk_piecework_trial_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id), 
	CONSTRAINT uq_piecework_trial_form_key UNIQUE (form_key)
);
INSERT INTO "piecework_trial" VALUES(1,2,NULL,5,600,5,'2026-11-30 13:01:33.488526',2,'form-47');
INSERT INTO "piecework_trial" VALUES(2,2,NULL,5,800,5,'2026-11-30 13:01:33.512151',2,'form-48');
INSERT INTO "piecework_trial" VALUES(3,2,NULL,5,1000,5,'2026-11-30 13:01:33.527653',2,'form-49');
INSERT INTO "piecework_trial" VALUES(4,2,1,2,300,2,'2026-11-30 13:01:33.808422',2,'form-52');
CREATE TABLE resident (
	id INTEGER NOT NULL, 
	household_id INTEGER NOT NULL, 
	account_id INTEGER, 
	branch_id INTEGER NOT NULL, 
	name VARCHAR(40) NOT NULL, 
	sex VARCHAR(32), 
	birth_date DATE, 
	phone VARCHAR(11), 
	contact_note VARCHAR(100) NOT NULL, 
	education VARCHAR(32), 
	wanted JSON NOT NULL, 
	skills JSON NOT NULL, 
	certificates JSON NOT NULL, 
	limits JSON NOT NULL, 
	kinds JSON NOT NULL, 
	available JSON NOT NULL, 
	reach VARCHAR(32), 
	min_pay_fen INTEGER, 
	situation VARCHAR(200) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	import_key VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_resident PRIMARY KEY (id), 
	CONSTRAINT ck_resident_min_pay_not_negative CHECK (min_pay_fen >= 0), 
	CONSTRAINT fk_resident_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_resident_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id), 
	CONSTRAINT fk_resident_household_id FOREIGN KEY(household_id) REFERENCES household (id), 
	CONSTRAINT uq_resident_account_id UNIQUE (account_id), 
	CONSTRAINT uq_resident_import_key UNIQUE (import_key), 
	CONSTRAINT ck_resident_sex CHECK (sex IN ('female', 'male')), 
	CONSTRAINT ck_resident_education CHECK (education IN ('none', 'primary', 'junior_high', 'senior_high', 'vocational', 'college', 'bachelor')), 
	CONSTRAINT ck_resident_reach CHECK (reach IN ('home', 'estate', 'street', 'district', 'city', 'anywhere')), 
	CONSTRAINT ck_resident_residentstate CHECK (state IN ('seeking', 'paused', 'employed', 'left'))
);
INSERT INTO "resident" VALUES(1,1,4,3,'居民36',NULL,'1980-05-01',NULL,'','junior_high','["\u4fdd\u6d01"]','["\u6253\u626b\u536b\u751f"]','[]','[]','[]','[]','district',NULL,'','seeking',NULL,'2026-11-30 13:01:32.896793','2026-11-30 13:01:32.896794');
INSERT INTO "resident" VALUES(2,2,5,3,'居民39',NULL,'1980-05-01',NULL,'','junior_high','["\u4fdd\u6d01"]','["\u6253\u626b\u536b\u751f"]','[]','[]','[]','[]','district',NULL,'','seeking',NULL,'2026-11-30 13:01:32.923104','2026-11-30 13:01:32.923105');
CREATE TABLE rule_figure (
	id INTEGER NOT NULL, 
	name VARCHAR(40) NOT NULL, 
	value INTEGER NOT NULL, 
	unit VARCHAR(16) NOT NULL, 
	since DATE NOT NULL, 
	source VARCHAR(300) NOT NULL, 
	confirmed_at DATETIME, 
	confirmed_by_id INTEGER, 
	added_by_id INTEGER, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_rule_figure PRIMARY KEY (id), 
	CONSTRAINT ck_rule_figure_value_not_negative CHECK (value >= 0), 
	CONSTRAINT ck_rule_figure_confirmed_by_somebody CHECK ((confirmed_at IS NULL) = (confirmed_by_id IS NULL)), 
	CONSTRAINT fk_rule_figure_confirmed_by_id FOREIGN KEY(confirmed_by_id) REFERENCES account (id), 
	CONSTRAINT fk_rule_figure_added_by_id FOREIGN KEY(added_by_id) REFERENCES account (id), 
	CONSTRAINT uq_rule_figure_name_since_value UNIQUE (name, since, value)
);
CREATE TABLE saved_filter (
	id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	list VARCHAR(32) NOT NULL, 
	name VARCHAR(20) NOT NULL, 
	"query" VARCHAR(300) NOT NULL, 
	CONSTRAINT pk_saved_filter PRIMARY KEY (id), 
	CONSTRAINT fk_saved_filter_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE, 
	CONSTRAINT uq_saved_filter_account_id_list_name UNIQUE (account_id, list, name), 
	CONSTRAINT ck_saved_filter_filteredlist CHECK (list IN ('queue', 'residents'))
);
CREATE TABLE sensitive_record (
	id INTEGER NOT NULL, 
	resident_id INTEGER NOT NULL, 
	id_number TEXT, 
	disability TEXT, 
	allowance TEXT, 
	CONSTRAINT pk_sensitive_record PRIMARY KEY (id), 
	CONSTRAINT fk_sensitive_record_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id) ON DELETE CASCADE, 
	CONSTRAINT uq_sensitive_record_resident_id UNIQUE (resident_id)
);
CREATE TABLE settlement_line (
	id INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	household_id INTEGER NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	gross_fen INTEGER NOT NULL, 
	deduction_fen INTEGER NOT NULL, 
	net_fen INTEGER NOT NULL, 
	entry_id INTEGER NOT NULL, 
	CONSTRAINT pk_settlement_line PRIMARY KEY (id), 
	CONSTRAINT ck_settlement_line_deduction_within_gross CHECK (deduction_fen BETWEEN 0 AND gross_fen), 
	CONSTRAINT ck_settlement_line_gross_positive CHECK (gross_fen > 0), 
	CONSTRAINT ck_settlement_line_net_is_gross_less_deduction CHECK (net_fen = gross_fen - deduction_fen), 
	CONSTRAINT fk_settlement_line_assignment_id FOREIGN KEY(assignment_id) REFERENCES piecework_assignment (id), 
	CONSTRAINT fk_settlement_line_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_settlement_line_household_id FOREIGN KEY(household_id) REFERENCES household (id), 
	CONSTRAINT fk_settlement_line_run_id FOREIGN KEY(run_id) REFERENCES settlement_run (id), 
	CONSTRAINT uq_settlement_line_entry_id UNIQUE (entry_id)
);
INSERT INTO "settlement_line" VALUES(1,1,1,1,6000,0,6000,9);
CREATE TABLE settlement_month (
	id INTEGER NOT NULL, 
	household_id INTEGER NOT NULL, 
	month VARCHAR(7) NOT NULL, 
	cap_permille INTEGER NOT NULL, 
	gross_fen BIGINT NOT NULL, 
	deduction_fen BIGINT NOT NULL, 
	CONSTRAINT pk_settlement_month PRIMARY KEY (id), 
	CONSTRAINT ck_settlement_month_deduction_within_cap CHECK (deduction_fen * 1000 <= gross_fen * cap_permille), 
	CONSTRAINT ck_settlement_month_sums_not_negative CHECK (gross_fen >= 0 AND deduction_fen >= 0), 
	CONSTRAINT fk_settlement_month_household_id FOREIGN KEY(household_id) REFERENCES household (id)
);
INSERT INTO "settlement_month" VALUES(1,1,'2026-11',200,6000,0);
CREATE TABLE settlement_payment (
	id INTEGER NOT NULL, 
	line_id INTEGER NOT NULL, 
	method VARCHAR(32) NOT NULL, 
	reference VARCHAR(80) NOT NULL, 
	paid_by_id INTEGER NOT NULL, 
	paid_at DATETIME NOT NULL, 
	entry_id INTEGER NOT NULL, 
	CONSTRAINT pk_settlement_payment PRIMARY KEY (id), 
	CONSTRAINT fk_settlement_payment_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entry (id), 
	CONSTRAINT fk_settlement_payment_line_id FOREIGN KEY(line_id) REFERENCES settlement_line (id), 
	CONSTRAINT fk_settlement_payment_paid_by_id FOREIGN KEY(paid_by_id) REFERENCES account (id), 
	CONSTRAINT uq_settlement_payment_entry_id UNIQUE (entry_id), 
	CONSTRAINT uq_settlement_payment_line_id UNIQUE (line_id), 
	CONSTRAINT ck_settlement_payment_paymentmethod CHECK (method IN ('bank', 'cash', 'wechat'))
);
INSERT INTO "settlement_payment" VALUES(1,1,'bank','',3,'2026-11-30 13:01:34.979940',10);
CREATE TABLE settlement_run (
	id INTEGER NOT NULL, 
	period_from DATE NOT NULL, 
	period_to DATE NOT NULL, 
	lines INTEGER NOT NULL, 
	gross_fen BIGINT NOT NULL, 
	deduction_fen BIGINT NOT NULL, 
	net_fen BIGINT NOT NULL, 
	made_at DATETIME NOT NULL, 
	made_by_id INTEGER, 
	form_key VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_settlement_run PRIMARY KEY (id), 
	CONSTRAINT ck_settlement_run_sums_not_negative CHECK (gross_fen >= 0 AND deduction_fen >= 0), 
	CONSTRAINT ck_settlement_run_net_is_gross_less_deduction CHECK (net_fen = gross_fen - deduction_fen), 
	CONSTRAINT ck_settlement_run_period_in_order CHECK (period_to >= period_from), 
	CONSTRAINT fk_settlement_run_made_by_id FOREIGN KEY(made_by_id) REFERENCES account (id), 
	CONSTRAINT uq_settlement_run_form_key UNIQUE (form_key)
);
INSERT INTO "settlement_run" VALUES(1,'2026-11-16','2026-11-30',1,6000,0,6000,'2026-11-30 13:01:34.790388',2,'form-60');
CREATE TABLE sign_in_failure (
	id INTEGER NOT NULL, 
	bucket VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_sign_in_failure PRIMARY KEY (id)
);
CREATE TABLE slip (
	id INTEGER NOT NULL, 
	thread_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	printed_at DATETIME, 
	handed_at DATETIME, 
	handed_by_id INTEGER, 
	by_phone BOOLEAN NOT NULL, 
	CONSTRAINT pk_slip PRIMARY KEY (id), 
	CONSTRAINT fk_slip_handed_by_id FOREIGN KEY(handed_by_id) REFERENCES account (id), 
	CONSTRAINT fk_slip_thread_id FOREIGN KEY(thread_id) REFERENCES message_thread (id) ON DELETE CASCADE
);
CREATE TABLE suggestion_request (
	id INTEGER NOT NULL, 
	resident_id INTEGER, 
	requested_at DATETIME NOT NULL, 
	CONSTRAINT pk_suggestion_request PRIMARY KEY (id), 
	CONSTRAINT fk_suggestion_request_resident_id FOREIGN KEY(resident_id) REFERENCES resident (id) ON DELETE CASCADE
);
INSERT INTO "suggestion_request" VALUES(1,NULL,'2026-11-30 13:01:34.697013');
CREATE TABLE wording_rule (
	id INTEGER NOT NULL, 
	pattern TEXT NOT NULL, 
	literal BOOLEAN NOT NULL, 
	code VARCHAR(32) NOT NULL, 
	severity VARCHAR(32) NOT NULL, 
	says VARCHAR(120) NOT NULL, 
	source VARCHAR(200) NOT NULL, 
	since DATE NOT NULL, 
	until DATE, 
	added_by_id INTEGER, 
	ended_by_id INTEGER, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_wording_rule PRIMARY KEY (id), 
	CONSTRAINT ck_wording_rule_people_write_phrases CHECK (literal OR added_by_id IS NULL), 
	CONSTRAINT ck_wording_rule_ends_after_it_begins CHECK (until IS NULL OR until >= since), 
	CONSTRAINT fk_wording_rule_added_by_id FOREIGN KEY(added_by_id) REFERENCES account (id), 
	CONSTRAINT fk_wording_rule_ended_by_id FOREIGN KEY(ended_by_id) REFERENCES account (id), 
	CONSTRAINT ck_wording_rule_wordingcode CHECK (code IN ('deposit', 'fee', 'id_retention', 'sex', 'marriage', 'ethnicity', 'disability', 'looks', 'disease', 'hukou', 'age', 'bait')), 
	CONSTRAINT ck_wording_rule_severity CHECK (severity IN ('block', 'flag'))
);
CREATE INDEX ix_audit_event_account_id ON audit_event (account_id);
CREATE INDEX ix_audit_event_action ON audit_event (action);
CREATE INDEX ix_audit_event_at ON audit_event (at);
CREATE INDEX ix_audit_event_subject ON audit_event (subject);
CREATE INDEX ix_sign_in_failure_at ON sign_in_failure (at);
CREATE INDEX ix_sign_in_failure_bucket ON sign_in_failure (bucket);
CREATE INDEX ix_account_branch_id ON account (branch_id);
CREATE INDEX ix_household_responsible_id ON household (responsible_id);
CREATE UNIQUE INDEX uq_household_door ON household (place, door);
CREATE INDEX ix_login_session_account_id ON login_session (account_id);
CREATE INDEX ix_login_session_expires_at ON login_session (expires_at);
CREATE INDEX ix_employer_member_employer_id ON employer_member (employer_id);
CREATE INDEX ix_resident_branch_id ON resident (branch_id);
CREATE INDEX ix_resident_household_id ON resident (household_id);
CREATE INDEX ix_resident_name ON resident (name);
CREATE INDEX ix_resident_phone ON resident (phone);
CREATE INDEX ix_resident_state_branch ON resident (state, branch_id);
CREATE INDEX ix_consent_employer_id ON consent (employer_id);
CREATE INDEX ix_consent_resident_id ON consent (resident_id);
CREATE UNIQUE INDEX uq_consent_standing ON consent (resident_id, purpose) WHERE withdrawn_at IS NULL AND employer_id IS NULL;
CREATE UNIQUE INDEX uq_consent_standing_employer ON consent (resident_id, employer_id) WHERE withdrawn_at IS NULL AND employer_id IS NOT NULL;
CREATE INDEX ix_experience_resident_id ON experience (resident_id);
CREATE INDEX ix_suggestion_request_resident_id ON suggestion_request (resident_id);
CREATE INDEX ix_match_event_at ON match_event (at);
CREATE INDEX ix_match_event_match_id ON match_event (match_id);
CREATE TRIGGER audit_event_no_UPDATE BEFORE UPDATE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END;
CREATE TRIGGER audit_event_no_DELETE BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END;
CREATE INDEX ix_import_batch_digest ON import_batch (digest);
CREATE INDEX ix_import_batch_account_id ON import_batch (account_id);
CREATE INDEX ix_import_batch_branch_id ON import_batch (branch_id);
CREATE INDEX ix_import_batch_state ON import_batch (state);
CREATE INDEX ix_match_state ON "match" (state);
CREATE INDEX ix_match_opening_state ON "match" (opening_id, state);
CREATE INDEX ix_match_resident_id ON "match" (resident_id);
CREATE INDEX ix_match_opening_id ON "match" (opening_id);
CREATE INDEX ix_match_queue ON "match" (state, position, score, resident_id, opening_id, postponed_until);
CREATE INDEX ix_match_resident_state ON "match" (resident_id, state);
CREATE INDEX ix_settlement_run_period_to ON settlement_run (period_to);
CREATE UNIQUE INDEX uq_settlement_month ON settlement_month (household_id, month);
CREATE INDEX ix_piecework_order_employer_id ON piecework_order (employer_id);
CREATE INDEX ix_piecework_order_state_deadline ON piecework_order (state, deadline);
CREATE INDEX ix_piecework_assignment_household_state ON piecework_assignment (household_id, state);
CREATE INDEX ix_piecework_assignment_order_state ON piecework_assignment (order_id, state);
CREATE INDEX ix_piecework_assignment_state ON piecework_assignment (state);
CREATE INDEX ix_piecework_material_order_id ON piecework_material (order_id);
CREATE UNIQUE INDEX uq_piecework_material_name ON piecework_material (order_id, name);
CREATE INDEX ix_piecework_tranche_state ON piecework_tranche (state);
CREATE UNIQUE INDEX uq_piecework_tranche ON piecework_tranche (order_id, number);
CREATE INDEX ix_piecework_trial_order_id ON piecework_trial (order_id);
CREATE INDEX ix_piecework_trial_resident_id ON piecework_trial (resident_id);
CREATE INDEX ix_ledger_entry_assignment_id ON ledger_entry (assignment_id);
CREATE INDEX ix_ledger_entry_order_at ON ledger_entry (order_id, at);
CREATE INDEX ix_piecework_assignment_material_material_id ON piecework_assignment_material (material_id);
CREATE UNIQUE INDEX uq_piecework_assignment_material ON piecework_assignment_material (assignment_id, material_id);
CREATE INDEX ix_piecework_assignment_member_resident_id ON piecework_assignment_member (resident_id);
CREATE UNIQUE INDEX uq_piecework_member ON piecework_assignment_member (assignment_id, resident_id);
CREATE INDEX ix_piecework_dispute_assignment_id ON piecework_dispute (assignment_id);
CREATE INDEX ix_piecework_dispute_decided_at ON piecework_dispute (decided_at);
CREATE INDEX ix_piecework_dispute_order_id ON piecework_dispute (order_id);
CREATE INDEX ix_piecework_event_assignment_id ON piecework_event (assignment_id);
CREATE INDEX ix_piecework_event_order ON piecework_event (order_id, at);
CREATE INDEX ix_piecework_lot_material_id ON piecework_lot (material_id);
CREATE INDEX ix_piecework_lot_order_id ON piecework_lot (order_id);
CREATE INDEX ix_ledger_account_assignment_id ON ledger_account (assignment_id);
CREATE INDEX ix_ledger_account_lot_id ON ledger_account (lot_id);
CREATE INDEX ix_ledger_account_order_place ON ledger_account (order_id, place);
CREATE INDEX ix_passbook_line_assignment_id ON passbook_line (assignment_id);
CREATE INDEX ix_passbook_line_entry_id ON passbook_line (entry_id);
CREATE UNIQUE INDEX uq_passbook_line ON passbook_line (household_id, number);
CREATE INDEX ix_piecework_company_payment_order_id ON piecework_company_payment (order_id);
CREATE INDEX ix_piecework_company_payment_state ON piecework_company_payment (state);
CREATE INDEX ix_piecework_compensation_decided_at ON piecework_compensation (decided_at);
CREATE INDEX ix_piecework_compensation_order_id ON piecework_compensation (order_id);
CREATE INDEX ix_piecework_delivery_inspected ON piecework_delivery (inspected);
CREATE INDEX ix_piecework_delivery_submitted_at ON piecework_delivery (submitted_at);
CREATE UNIQUE INDEX uq_piecework_delivery ON piecework_delivery (assignment_id, number);
CREATE INDEX ix_piecework_finding_assignment_id ON piecework_finding (assignment_id);
CREATE INDEX ix_settlement_line_assignment_id ON settlement_line (assignment_id);
CREATE INDEX ix_settlement_line_household_id ON settlement_line (household_id);
CREATE UNIQUE INDEX uq_settlement_line ON settlement_line (run_id, assignment_id);
CREATE INDEX ix_ledger_line_entry_id ON ledger_line (entry_id);
CREATE INDEX ix_ledger_line_from_account_id ON ledger_line (from_account_id);
CREATE INDEX ix_ledger_line_to_account_id ON ledger_line (to_account_id);
CREATE INDEX ix_piecework_inspection_assignment_id ON piecework_inspection (assignment_id);
CREATE INDEX ix_piecework_inspection_delivery_id ON piecework_inspection (delivery_id);
CREATE INDEX ix_piecework_inspection_inspector_id ON piecework_inspection (inspector_id);
CREATE INDEX ix_piecework_inspection_order_id ON piecework_inspection (order_id);
CREATE UNIQUE INDEX uq_piecework_inspection_standing ON piecework_inspection (delivery_id) WHERE reversed_by_id IS NULL;
CREATE INDEX ix_settlement_payment_paid_by_id ON settlement_payment (paid_by_id);
CREATE INDEX ix_piecework_photo_inspection_id ON piecework_photo (inspection_id);
CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END;
CREATE TRIGGER ledger_line_no_update BEFORE UPDATE ON ledger_line WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'ledger_line is append-only'); END;
CREATE TRIGGER passbook_line_no_update BEFORE UPDATE ON passbook_line WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'passbook_line is append-only'); END;
CREATE TRIGGER piecework_event_no_update BEFORE UPDATE ON piecework_event WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_event is append-only'); END;
CREATE TRIGGER settlement_payment_no_update BEFORE UPDATE ON settlement_payment WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'settlement_payment is append-only'); END;
CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'ledger_entry keeps its rows'); END;
CREATE TRIGGER ledger_line_no_delete BEFORE DELETE ON ledger_line WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'ledger_line keeps its rows'); END;
CREATE TRIGGER passbook_line_no_delete BEFORE DELETE ON passbook_line WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'passbook_line keeps its rows'); END;
CREATE TRIGGER piecework_event_no_delete BEFORE DELETE ON piecework_event WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_event keeps its rows'); END;
CREATE TRIGGER settlement_payment_no_delete BEFORE DELETE ON settlement_payment WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'settlement_payment keeps its rows'); END;
CREATE TRIGGER ledger_account_no_delete BEFORE DELETE ON ledger_account WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'ledger_account keeps its rows'); END;
CREATE TRIGGER passbook_head_no_delete BEFORE DELETE ON passbook_head WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'passbook_head keeps its rows'); END;
CREATE TRIGGER piecework_order_no_delete BEFORE DELETE ON piecework_order WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_order keeps its rows'); END;
CREATE TRIGGER piecework_assignment_no_delete BEFORE DELETE ON piecework_assignment WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_assignment keeps its rows'); END;
CREATE TRIGGER piecework_delivery_no_delete BEFORE DELETE ON piecework_delivery WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_delivery keeps its rows'); END;
CREATE TRIGGER piecework_inspection_no_delete BEFORE DELETE ON piecework_inspection WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_inspection keeps its rows'); END;
CREATE TRIGGER piecework_finding_no_delete BEFORE DELETE ON piecework_finding WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_finding keeps its rows'); END;
CREATE TRIGGER piecework_lot_no_delete BEFORE DELETE ON piecework_lot WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_lot keeps its rows'); END;
CREATE TRIGGER piecework_tranche_no_delete BEFORE DELETE ON piecework_tranche WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_tranche keeps its rows'); END;
CREATE TRIGGER piecework_company_payment_no_delete BEFORE DELETE ON piecework_company_payment WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_company_payment keeps its rows'); END;
CREATE TRIGGER piecework_compensation_no_delete BEFORE DELETE ON piecework_compensation WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_compensation keeps its rows'); END;
CREATE TRIGGER piecework_dispute_no_delete BEFORE DELETE ON piecework_dispute WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'piecework_dispute keeps its rows'); END;
CREATE TRIGGER settlement_run_no_delete BEFORE DELETE ON settlement_run WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'settlement_run keeps its rows'); END;
CREATE TRIGGER settlement_line_no_delete BEFORE DELETE ON settlement_line WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'settlement_line keeps its rows'); END;
CREATE TRIGGER settlement_month_no_delete BEFORE DELETE ON settlement_month WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'settlement_month keeps its rows'); END;
CREATE TRIGGER ledger_account_fixed BEFORE UPDATE OF key, ledger, place, order_id, lot_id, assignment_id ON ledger_account WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'only the balance of an account moves'); END;
CREATE TRIGGER ledger_line_in_one_unit BEFORE INSERT ON ledger_line WHEN NOT EXISTS (SELECT 1 FROM ledger_account f, ledger_account t, ledger_entry e WHERE f.id = NEW.from_account_id AND t.id = NEW.to_account_id AND e.id = NEW.entry_id AND f.ledger = t.ledger AND f.order_id = t.order_id AND e.order_id = f.order_id AND f.lot_id IS NOT DISTINCT FROM t.lot_id) BEGIN SELECT RAISE(ABORT, 'a line stays within one order, ledger and lot'); END;
CREATE TRIGGER assignment_rate_locked BEFORE UPDATE OF rate_fen ON piecework_assignment WHEN OLD.rate_fen IS NOT NULL AND NEW.rate_fen IS DISTINCT FROM OLD.rate_fen BEGIN SELECT RAISE(ABORT, 'the rate is locked at issue'); END;
CREATE TRIGGER assignment_rate_within_price BEFORE UPDATE OF rate_fen ON piecework_assignment WHEN NEW.rate_fen IS NOT NULL AND OLD.rate_fen IS NULL AND EXISTS (SELECT 1 FROM piecework_order o WHERE o.id = NEW.order_id AND NEW.rate_fen + o.margin_fen > o.price_fen) BEGIN SELECT RAISE(ABORT, 'fees and margin stay within the price'); END;
CREATE TRIGGER order_price_covers_rates BEFORE UPDATE OF price_fen, margin_fen ON piecework_order WHEN EXISTS (SELECT 1 FROM piecework_assignment a WHERE a.order_id = NEW.id AND a.state NOT IN ('settled', 'closed', 'withdrawn') AND a.rate_fen + NEW.margin_fen > NEW.price_fen) BEGIN SELECT RAISE(ABORT, 'fees and margin stay within the price'); END;
CREATE TRIGGER assignment_closes_at_zero BEFORE UPDATE OF state ON piecework_assignment WHEN NEW.state IN ('closed', 'withdrawn') AND NEW.state <> OLD.state AND EXISTS (SELECT 1 FROM ledger_account l WHERE l.assignment_id = NEW.id AND l.balance <> 0 AND l.place IN ('centre', 'household', 'replacement', 'pending', 'rework', 'finished', 'offered', 'taken', 'receivable', 'payable', 'to_pay', 'advance', 'bank', 'margin', 'reserve')) BEGIN SELECT RAISE(ABORT, 'a share closes at zero balances'); END;
CREATE TRIGGER order_closes_at_zero BEFORE UPDATE OF state ON piecework_order WHEN NEW.state = 'closed' AND OLD.state <> 'closed' AND (EXISTS (SELECT 1 FROM ledger_account l WHERE l.order_id = NEW.id AND l.balance <> 0 AND l.place IN ('centre', 'household', 'replacement', 'pending', 'rework', 'finished', 'offered', 'taken', 'receivable', 'payable', 'to_pay', 'advance', 'bank', 'margin', 'reserve')) OR EXISTS (SELECT 1 FROM piecework_compensation c WHERE c.order_id = NEW.id AND c.decided_at IS NULL)) BEGIN SELECT RAISE(ABORT, 'an order closes at zero balances'); END;
CREATE TRIGGER order_cancel_opens_compensation BEFORE UPDATE OF state ON piecework_order WHEN NEW.state = 'cancelled' AND OLD.state IN ('published', 'material_in', 'in_production', 'part_delivered') AND NOT EXISTS (SELECT 1 FROM piecework_compensation c WHERE c.order_id = NEW.id AND c.cause = 'cancel') BEGIN SELECT RAISE(ABORT, 'a cancellation opens a compensation record'); END;
CREATE TRIGGER order_change_opens_compensation BEFORE UPDATE OF quantity, rate_fen, price_fen, deadline, quality ON piecework_order WHEN OLD.state IN ('published', 'material_in', 'in_production', 'part_delivered') AND (NEW.quantity <> OLD.quantity OR NEW.rate_fen <> OLD.rate_fen OR NEW.price_fen <> OLD.price_fen OR NEW.deadline <> OLD.deadline OR NEW.quality <> OLD.quality) AND NOT EXISTS (SELECT 1 FROM piecework_compensation c WHERE c.order_id = NEW.id AND c.cause = 'change' AND c.decided_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a change opens a compensation record'); END;
CREATE TRIGGER inspector_outside_household BEFORE INSERT ON piecework_inspection WHEN EXISTS (SELECT 1 FROM resident r JOIN piecework_assignment a ON a.household_id = r.household_id LEFT JOIN account c ON c.id = NEW.inspector_id WHERE a.id = NEW.assignment_id AND (r.account_id = NEW.inspector_id OR r.phone = c.phone)) BEGIN SELECT RAISE(ABORT, 'nobody inspects their own household'); END;
CREATE TRIGGER payer_apart BEFORE INSERT ON settlement_payment WHEN EXISTS (SELECT 1 FROM settlement_line s JOIN piecework_inspection i ON i.assignment_id = s.assignment_id WHERE s.id = NEW.line_id AND i.inspector_id = NEW.paid_by_id) OR EXISTS (SELECT 1 FROM settlement_line s JOIN resident r ON r.household_id = s.household_id LEFT JOIN account c ON c.id = NEW.paid_by_id WHERE s.id = NEW.line_id AND (r.account_id = NEW.paid_by_id OR r.phone = c.phone)) BEGIN SELECT RAISE(ABORT, 'the payer is neither the inspector nor of the household'); END;
CREATE INDEX ix_outbox_account_id ON outbox (account_id);
CREATE INDEX ix_outbox_channel_id ON outbox (channel_id);
CREATE INDEX ix_outbox_due ON outbox (due_at) WHERE delivered_at IS NULL;
CREATE INDEX ix_message_thread_last_at ON message_thread (last_at);
CREATE INDEX ix_message_thread_unread_employer ON message_thread (match_id) WHERE unread_employer;
CREATE INDEX ix_message_thread_unread_resident ON message_thread (match_id) WHERE unread_resident;
CREATE INDEX ix_message_thread_unread_staff ON message_thread (match_id) WHERE unread_staff;
CREATE INDEX ix_contact_agreement_thread_id ON contact_agreement (thread_id);
CREATE UNIQUE INDEX uq_contact_agreement_standing ON contact_agreement (thread_id, side) WHERE withdrawn_at IS NULL;
CREATE INDEX ix_message_author_sent ON message (author_id, sent_at);
CREATE INDEX ix_message_thread_id ON message (thread_id);
CREATE INDEX ix_slip_thread_id ON slip (thread_id);
CREATE UNIQUE INDEX uq_slip_waiting ON slip (thread_id) WHERE handed_at IS NULL;
CREATE INDEX ix_message_report_message_id ON message_report (message_id);
CREATE INDEX ix_message_report_open ON message_report (at) WHERE handled_at IS NULL;
CREATE INDEX ix_model_version_name ON model_version (name);
CREATE UNIQUE INDEX uq_model_version_only ON model_version (state) WHERE state IN ('current', 'requested');
CREATE INDEX ix_impression_at ON impression (at);
CREATE INDEX ix_impression_account_id ON impression (account_id);
CREATE INDEX ix_impression_opening_id ON impression (opening_id);
CREATE INDEX ix_duplicate_pair_queue ON duplicate_pair (state, kind, id);
CREATE INDEX ix_employer_state ON employer (state);
CREATE INDEX ix_opening_changes ON opening (state, updated_at, hired_count);
CREATE INDEX ix_opening_employer_id ON opening (employer_id);
CREATE INDEX ix_opening_pay_month_min_fen ON opening (pay_month_min_fen);
CREATE INDEX ix_opening_responsible_id ON opening (responsible_id);
CREATE INDEX ix_opening_kind ON opening (kind);
CREATE INDEX ix_opening_public ON opening (state, valid_until, published_at);
CREATE INDEX ix_opening_state ON opening (state);
CREATE INDEX ix_employer_check_employer_id ON employer_check (employer_id);
CREATE INDEX ix_employer_complaint_employer_id ON employer_complaint (employer_id);
CREATE INDEX ix_employer_complaint_opening_id ON employer_complaint (opening_id);
CREATE INDEX ix_employer_complaint_resident_id ON employer_complaint (resident_id);
CREATE INDEX ix_employer_complaint_state ON employer_complaint (state, created_at);
CREATE INDEX ix_contact_resident ON contact (resident_id, id);
CREATE INDEX ix_contact_account_id ON contact (account_id);
CREATE INDEX ix_contact_next_on ON contact (next_on);
CREATE INDEX ix_saved_filter_account_id ON saved_filter (account_id);
COMMIT;
